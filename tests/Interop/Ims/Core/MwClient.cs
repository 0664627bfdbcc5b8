using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Sip;

namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>
/// An eP-CSCF made of a UDP socket and no rules: it sends the core what a test tells it, and hands over what comes.
/// </summary>
sealed partial class MwClient : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly UdpClient _socket;
    readonly List<SipMessage> _unasked = [];
    uint _cseq;

    /// <param name="address">Of loopback: to the core, who sends.</param>
    public MwClient(IPAddress address) => _socket = new(new IPEndPoint(address, 0));

    /// <summary>What stands in Path and Via.</summary>
    public string HostPort => $"{_socket.Client.LocalEndPoint}";

    public static string Token() => new SystemRandom().NextToken(10);

    /// <summary>A request that the eP-CSCF would send on.</summary>
    /// <param name="method">Also of its CSeq.</param>
    /// <param name="uri">The Request-URI.</param>
    /// <param name="from">Without tag.</param>
    /// <param name="to">Without tag, unless the request belongs to a dialog.</param>
    /// <param name="callId">Null for a new one.</param>
    public SipMessage Request(string method, string uri, string from, string to, string? callId = null)
    {
        Assert.True(SipUri.TryParse(uri, out var target));
        Assert.True(NameAddress.TryParse($"<{from}>", out var sender));
        Assert.True(NameAddress.TryParse(to.StartsWith('<') ? to : $"<{to}>", out var receiver));
        var request = SipMessage.Request(method, target, sender.With("tag", Token()), receiver, callId ?? Token(), ++_cseq);
        request.Insert(HeaderName.Via, $"SIP/2.0/UDP {HostPort};branch=z9hG4bK{Token()}");
        return request;
    }

    public async Task SendAsync(SipMessage message, IPEndPoint target) => await _socket.SendAsync(message.ToBytes(), target);

    /// <summary>Sends a request; its final answer.</summary>
    public async Task<SipMessage> AskAsync(SipMessage request, IPEndPoint target)
    {
        await SendAsync(request, target);
        return await AnswerAsync(request);
    }

    /// <summary>The final answer to a request that was sent.</summary>
    public Task<SipMessage> AnswerAsync(SipMessage request) => ReceiveAsync(
        message => message.Status >= 200 && message.CallId == request.CallId && message.CSeq?.Number == request.CSeq?.Number);

    /// <summary>The next request of a method; what else comes waits for who asks for it.</summary>
    public Task<SipMessage> ReceiveAsync(string method) => ReceiveAsync(message => message.IsRequest && message.Method == method);

    public async Task<SipMessage> ReceiveAsync(Predicate<SipMessage> which)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Patience);
        while (true)
        {
            if (_unasked.FindIndex(which) is var at and >= 0)
            {
                var found = _unasked[at];
                _unasked.RemoveAt(at);
                return found;
            }

            var datagram = await _socket.ReceiveAsync(stop.Token);
            Assert.True(SipMessage.TryParse(datagram.Buffer, out var message, out var error), error.ToString());
            _unasked.Add(message);
        }
    }

    /// <summary>
    /// Answers a request of the core's along its Via, as a WIC would through this client, which stays in the dialog.
    /// </summary>
    public async Task RespondAsync(SipMessage request, int status, params (HeaderName Name, string Value)[] more)
    {
        var response = SipMessage.Response(request, status, toTag: Token());
        response.CopyFrom(request, HeaderName.RecordRoute);
        if (response.Has(HeaderName.RecordRoute)) response.Insert(HeaderName.RecordRoute, RecordRoute);
        foreach (var (name, value) in more) response.Add(name, value);
        var via = request.TopVia!;
        await SendAsync(response, new(IPAddress.Parse(via.SentBy.Host), via.SentBy.Port ?? 5060));
    }

    public void Dispose() => _socket.Dispose();
}
