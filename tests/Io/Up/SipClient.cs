using System.Net.WebSockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Sip;

namespace Portunus.Tests.Io.Up;

/// <summary>A WIC made of a WebSocket and no user agent: it sends what a test tells it, and hands over what comes.</summary>
sealed class SipClient : IAsyncDisposable
{
    readonly ClientWebSocket _socket = new();
    readonly string _host = $"{Token(8)}.invalid";
    readonly string _callId = Token(12);
    readonly string _tag = Token(8);
    readonly string _name;
    readonly byte[] _buffer = new byte[65535];
    readonly Guid _instance = Guid.NewGuid();
    uint _cseq;

    SipClient(string name, string realm) => (_name, Realm) = (name, realm);

    /// <summary>The home domain.</summary>
    public string Realm { get; }

    public string Impu => $"sip:{_name}@{Realm}";

    public string Contact => $"<sip:{_name}@{_host};transport=ws>";

    public static async Task<SipClient> ConnectAsync(Uri w2, string name, string realm)
    {
        var client = new SipClient(name, realm);
        client._socket.Options.AddSubProtocol("sip");
        client._socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        await client._socket.ConnectAsync(w2, Stop);
        Assert.Equal("sip", client._socket.SubProtocol);
        return client;
    }

    public static string Token(int length) => new SystemRandom().NextToken(length);

    /// <summary>Within a deadline: a test that waits in vain should end, and a loaded machine may be slow.</summary>
    static CancellationToken Stop => CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken, new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token).Token;

    /// <summary>Registers with SIP Digest; the final answer.</summary>
    /// <param name="password">What the client believes.</param>
    /// <param name="algorithm">Which of the challenges is answered.</param>
    /// <param name="expires">In seconds; 0 ends the registration.</param>
    /// <param name="ask">A Turn-Credential-Request, if any.</param>
    public async Task<SipMessage> RegisterAsync(
        string password, DigestAlgorithm algorithm = DigestAlgorithm.Md5, int expires = 600, string? ask = "password")
    {
        var challenged = await RequestAsync(Register(expires, ask, null));
        if (challenged.Status != 401) return challenged;
        Assert.False(challenged.Has("Turn-Credential"));
        var challenge = challenged.GetAll(HeaderName.WwwAuthenticate)
            .Select(text => DigestChallenge.TryParse(text, out var read) ? read : null)
            .First(read => read?.Algorithm == algorithm)!;
        var secret = DigestSecret.Of(algorithm, $"{_name}@{Realm}", Realm, password);
        var answer = DigestCredentials.Answer(challenge, $"{_name}@{Realm}", secret, "REGISTER", $"sip:{Realm}", Token(8), 1);
        return await RequestAsync(Register(expires, ask, answer.ToHeaderText()));
    }

    /// <summary>An OPTIONS to the home domain: asks for a fresh credential without a new registration.</summary>
    public Task<SipMessage> AskAgainAsync() =>
        RequestAsync(Request("OPTIONS", $"sip:{Realm}", $"sip:{Realm}"), "Turn-Credential-Request: password");

    /// <summary>A request outside of a dialog.</summary>
    public string Request(string method, string uri, string to, string? toTag = null, string? callId = null, uint? cseq = null) =>
        $"""
        {method} {uri} SIP/2.0
        Via: SIP/2.0/WS {_host};branch=z9hG4bK{Token(10)}
        Max-Forwards: 69
        From: <{Impu}>;tag={_tag}
        To: <{to}>{(toTag is null ? "" : $";tag={toTag}")}
        Call-ID: {callId ?? _callId}
        CSeq: {cseq ?? ++_cseq} {method}

        """.ReplaceLineEndings("\r\n");

    /// <summary>Sends a request and waits for its final answer; provisional ones are passed over.</summary>
    public async Task<SipMessage> RequestAsync(string request, params string[] more)
    {
        await SendAsync(request, more);
        while (true)
        {
            var answer = await ReceiveAsync();
            if (answer is { IsResponse: true, Status: >= 200 }) return answer;
        }
    }

    public Task SendAsync(string head, params string[] more) =>
        SendTextAsync($"{head}{string.Concat(more.Select(line => $"{line}\r\n"))}Content-Length: 0\r\n\r\n");

    public Task SendAsync(SipMessage message) => _socket.SendAsync(message.ToBytes(), WebSocketMessageType.Text, true, Stop);

    public Task SendTextAsync(string text) =>
        _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Stop);

    public async Task<SipMessage> ReceiveAsync()
    {
        var received = await ReceiveFrameAsync();
        Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
        Assert.True(SipMessage.TryParse(_buffer.AsSpan(0, received.Count), out var message, out var error), error.ToString());
        return message;
    }

    /// <summary>Passes over provisional answers until something else comes.</summary>
    public async Task<SipMessage> ReceiveAsync(Func<SipMessage, bool> which)
    {
        while (true)
            if (await ReceiveAsync() is var message && which(message)) return message;
    }

    public async Task<WebSocketCloseStatus?> ReceiveCloseAsync()
    {
        while ((await ReceiveFrameAsync()).MessageType != WebSocketMessageType.Close)
        {
        }

        return _socket.CloseStatus;
    }

    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // Who closed first did not wait for so long.
        }

        _socket.Dispose();
    }

    string Register(int expires, string? ask, string? authorization)
    {
        var head = Request("REGISTER", $"sip:{Realm}", Impu) +
            $"Contact: {Contact};+sip.instance=\"<urn:uuid:{_instance}>\";reg-id=1;expires={expires}\r\n" +
            "Supported: path, outbound\r\n";
        if (ask is not null) head += $"Turn-Credential-Request: {ask}\r\n";
        if (authorization is not null) head += $"Authorization: {authorization}\r\n";
        return head;
    }

    async Task<ValueWebSocketReceiveResult> ReceiveFrameAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), Stop);
            length += part.Count;
            if (part.EndOfMessage) return new(length, part.MessageType, true);
        }
    }
}
