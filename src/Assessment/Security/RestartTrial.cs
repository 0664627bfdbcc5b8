using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>A call is up, an entity restarts, and the user calls again.</summary>
/// <param name="site">Where.</param>
/// <param name="entity">Which, by <see cref="Entity"/>.</param>
/// <param name="settling">An entity that began anew has told its neighbours by then what it knows; what they end by it is ended.</param>
sealed class RestartTrial(DrillSite site, string entity, TimeSpan settling)
{
    /// <summary>So long is waited for a new relay.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Within it a packet gets through a relay that lives, on a busy machine, too.</summary>
    static readonly TimeSpan Passage = TimeSpan.FromSeconds(2);

    /// <summary>A client that hears nothing for so long tries something else.</summary>
    static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly List<WicSession> _sessions = [];

    /// <exception cref="RefusedException">There was no call to begin with.</exception>
    public async Task<(bool Keeps, double? Seconds, string How)> RunAsync(CancellationToken stop)
    {
        try
        {
            return await RunAsync(await SignInAsync(stop), stop);
        }
        finally
        {
            foreach (var session in _sessions) await session.DisposeAsync();
        }
    }

    async Task<(bool Keeps, double? Seconds, string How)> RunAsync(WicSession session, CancellationToken stop)
    {
        using var peer = BindPeer();
        var there = TransportAddress.From((IPEndPoint)peer.LocalEndPoint!);
        var shown = await DrillSite.ShownAsync(session, stop);
        using var caller = site.Probe(shown);
        var said = await caller.AllocateAsync(stop);
        if (!said.IsSuccess || !(await caller.PermitAsync(there, stop)).IsSuccess || !await PassesAsync(caller, there, peer, stop))
            throw new RefusedException($"There was no call to begin with ({said}).");

        await site.System.RestartAsync(entity);
        var began = Stopwatch.GetTimestamp();
        var allocating = UntilAllocatedAsync(session, shown, began, stop);
        await SettleAsync(began, stop);
        var keeps = await PassesAsync(caller, there, peer, stop);
        var (seconds, how) = await allocating;
        return (keeps, seconds, how);
    }

    /// <summary>Of its own address a TURN server sends to relays alone, so the peer has another one of this machine.</summary>
    /// <exception cref="SocketException">There is none: systems other than Linux have one address on loopback.</exception>
    static Socket BindPeer()
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        return peer;
    }

    /// <summary>Looks at a relay until all has settled, and gives it back then; or how it was lost.</summary>
    async Task<TurnSaid> KeepAsync(TurnProbe client, long began, CancellationToken stop)
    {
        while (Stopwatch.GetElapsedTime(began) < settling)
        {
            var said = await client.RefreshAsync(600, stop);
            if (!said.IsSuccess) return said;
            await Task.Delay(Pause, stop);
        }

        return await client.RefreshAsync(0, stop);
    }

    async Task SettleAsync(long began, CancellationToken stop)
    {
        if (settling - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero) await Task.Delay(left, stop);
    }

    /// <summary>Whether of a few packets one comes out of the relay that was sent from now on.</summary>
    static async Task<bool> PassesAsync(TurnProbe caller, TransportAddress there, Socket peer, CancellationToken stop)
    {
        var mark = Guid.NewGuid().ToByteArray();
        var heard = new byte[1500];
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Passage;)
        {
            caller.SendTo(there, mark);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
            wait.CancelAfter(Pause * 2);
            try
            {
                var length = await peer.ReceiveAsync(heard, wait.Token);
                if (heard.AsSpan(0, length).SequenceEqual(mark)) return true;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Sent again.
            }
        }

        return false;
    }

    /// <summary>Seconds until the user has another relay that stays: with what the client has, else by asking again, else by signing in
    /// again.</summary>
    async Task<(double? Seconds, string How)> UntilAllocatedAsync(
        WicSession session, TurnClientSettings shown, long began, CancellationToken stop)
    {
        var how = "with what the client has";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        var last = "nothing was heard";
        try
        {
            while (true)
            {
                using var client = site.Probe(shown);
                var said = await client.AllocateAsync(patience.Token);
                var at = Stopwatch.GetElapsedTime(began);
                if (said.IsSuccess)
                {
                    said = await KeepAsync(client, began, patience.Token);
                    if (said.IsSuccess) return (at.TotalSeconds, how);
                }

                last = $"the last answer was {said}";
                await Task.Delay(Pause, patience.Token);
                try
                {
                    shown = await AskAsync(session, patience.Token);
                    how = "after the client asked again";
                }
                catch (Exception failed) when (IsRefusal(failed, patience))
                {
                    last = failed.Message;
                    try
                    {
                        session = await SignInAsync(patience.Token);
                        shown = await DrillSite.ShownAsync(session, patience.Token);
                        how = "after the user signed in again";
                    }
                    catch (Exception again) when (IsRefusal(again, patience))
                    {
                        last = again.Message;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (null, $"not within {Patience.TotalSeconds:0} s; {last}");
        }
    }

    static bool IsRefusal(Exception failed, CancellationTokenSource patience) =>
        failed is RefusedException || (failed is OperationCanceledException && !patience.IsCancellationRequested);

    /// <summary>As the same client gets a fresh credential.</summary>
    static async Task<TurnClientSettings> AskAsync(WicSession session, CancellationToken stop)
    {
        using var answer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        answer.CancelAfter(Answer);
        if (session.Agent is not null && session.Credential is not null) await session.RenewAsync(answer.Token);
        return await DrillSite.HeldAsync(session, StudySystem.TurnName, answer.Token);
    }

    async Task<WicSession> SignInAsync(CancellationToken stop)
    {
        var session = await site.SignInAsync(stop);
        _sessions.Add(session);
        return session;
    }
}
