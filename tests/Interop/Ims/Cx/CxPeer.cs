using System.Collections.Concurrent;
using System.Net.Sockets;
using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>One connection of a CSCF: its requests are answered, and requests of the HSS go out on it.</summary>
/// <param name="client">Owned from here on.</param>
/// <param name="answer">Called for one request after the other.</param>
/// <param name="arrived">Called with the Diameter name, when the peer has said it and was answered.</param>
sealed class CxPeer(TcpClient client, Func<DiameterMessage, DiameterMessage> answer, Action<CxPeer, string> arrived)
{
    readonly ConcurrentDictionary<uint, TaskCompletionSource<DiameterMessage>> _asked = new();
    readonly SemaphoreSlim _writing = new(1);

    /// <summary>Sends a request; the answer to it.</summary>
    public async Task<DiameterMessage> AskAsync(DiameterMessage request)
    {
        var answered = new TaskCompletionSource<DiameterMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[request.HopByHop] = answered;
        await SendAsync(request);
        return await answered.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Until the peer goes, sends what is no Diameter, or <paramref name="stop"/>.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        try
        {
            while (await ReadAsync(stop) is { } message)
            {
                if (!message.IsRequest)
                {
                    if (_asked.TryRemove(message.HopByHop, out var asked)) asked.TrySetResult(message);
                    continue;
                }

                await SendAsync(answer(message));
                if (message.Command == DiameterCommand.CapabilitiesExchange && message.Text(AvpName.OriginHost) is { } host)
                    arrived(this, host);
                if (message.Command == DiameterCommand.DisconnectPeer) return;
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A peer that is stopped in the middle of a message.
        }
        finally
        {
            foreach (var asked in _asked.Values)
                asked.TrySetException(new IOException("The S-CSCF went away before it answered."));
            client.Dispose();
        }
    }

    async Task<DiameterMessage?> ReadAsync(CancellationToken stop)
    {
        var stream = client.GetStream();
        var start = new byte[4];
        if (await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, stop) < start.Length) return null;
        if (!DiameterMessage.TryReadLength(start, out var length)) return null;
        byte[] bytes = [.. start, .. new byte[length - start.Length]];
        await stream.ReadExactlyAsync(bytes.AsMemory(start.Length), stop);
        return DiameterMessage.TryParse(bytes, out var message) ? message : null;
    }

    async Task SendAsync(DiameterMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            await client.GetStream().WriteAsync(message.ToBytes());
        }
        finally
        {
            _writing.Release();
        }
    }
}
