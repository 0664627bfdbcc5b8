using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portunus.Assessment.Links;

/// <summary>One TCP connection over a <see cref="StreamLink"/>: two sockets, and a way in each direction.</summary>
sealed class StreamConnection
{
    readonly StreamLink _link;
    readonly Socket _client;
    readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly long _accepted = Stopwatch.GetTimestamp();
    readonly int _number;

    public StreamConnection(StreamLink link, Socket client, int number)
    {
        (_link, _client, _number) = (link, client, number);
        _client.NoDelay = true;
    }

    /// <summary>Until both sides have closed, or one has reset.</summary>
    public async Task RunAsync(IPEndPoint? target)
    {
        var model = _link.Model;
        var up = model.ChanceOf(_link.Name, _number, isUp: true);
        var syn = up.Syn(model.Network.Loss);
        _link.Counter.Change(counts => counts with { Lost = counts.Lost + syn.Losses });
        var oneWay = LinkModel.Ticks(model.OneWay(_link.Name));
        var open = _accepted + (2 * oneWay) + LinkModel.Ticks(syn.Added);
        if (syn.IsGivenUp || !await ConnectsAsync(target))
        {
            model.Timetable.At(open, Abort);
            await _aborted.Task;
            return;
        }

        _client.Blocking = false;
        _server.Blocking = false;
        var meter = new TlsMeter(_link.Counter);
        var chanceDown = model.ChanceOf(_link.Name, _number, isUp: false);
        var there = new StreamDirection(_link, up, meter, _client, _server, isUp: true, open, Abort)
        {
            FirstRto = syn.Losses > 0 ? LinkChance.RtoAfterLostSyn : LinkChance.Rto,
        };
        var back = new StreamDirection(_link, chanceDown, meter, _server, _client, isUp: false, open + oneWay, Abort);
        await Task.WhenAny(Task.WhenAll(there.RunAsync(), back.RunAsync()), _aborted.Task);
        _client.Dispose();
        _server.Dispose();
    }

    /// <summary>Resets both sides, at once.</summary>
    public void Abort()
    {
        foreach (var socket in new[] { _client, _server })
        {
            try
            {
                socket.LingerState = new(true, 0);
            }
            catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
            {
                // It has ended already.
            }

            socket.Dispose();
        }

        _aborted.TrySetResult();
    }

    async Task<bool> ConnectsAsync(IPEndPoint? target)
    {
        if (target is null) return false;
        try
        {
            await _server.ConnectAsync(target);
            return true;
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
