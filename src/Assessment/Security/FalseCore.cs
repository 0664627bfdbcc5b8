using System.Net;
using System.Net.Sockets;
using Portunus.Sip;

namespace Portunus.Assessment.Security;

/// <summary>A core that registers everybody, and puts a TURN credential of its own into its answer; or of whoever stands on Mw.</summary>
sealed class FalseCore : IAsyncDisposable
{
    /// <summary>What it slips in.</summary>
    public const string Name = "slipped-in";

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly Task _answering;
    int _slipped;

    public FalseCore()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _answering = AnswerAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>How many answers it put the header into.</summary>
    public int Slipped => Volatile.Read(ref _slipped);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _answering;
    }

    async Task AnswerAsync()
    {
        var buffer = new byte[65535];
        while (true)
            try
            {
                var got = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (!SipMessage.TryParse(buffer.AsSpan(0, got.ReceivedBytes), out var request, out _) || request.IsResponse) continue;
                await _socket.SendToAsync(Answer(request).ToBytes(), got.RemoteEndPoint);
            }
            catch (SocketException) when (_socket.SafeHandle.IsClosed)
            {
                return;
            }
            catch (SocketException)
            {
                // An ICMP error to what was sent before.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
    }

    SipMessage Answer(SipMessage request)
    {
        var answer = SipMessage.Response(request, 200, toTag: "x");
        foreach (var contact in request.GetAll(HeaderName.Contact)) answer.Add(HeaderName.Contact, contact);
        answer.Add(
            "Turn-Credential", $"password;uris=\"turn:203.0.113.1\";username=\"{Name}\";credential=\"x\";ttl=600");
        Interlocked.Increment(ref _slipped);
        return answer;
    }
}
