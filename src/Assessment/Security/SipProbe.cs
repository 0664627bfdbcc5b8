using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Sip;

namespace Portunus.Assessment.Security;

/// <summary>A WebSocket of W2 and no user agent: it says what an experiment tells it, whether a WIC may say it or not.</summary>
sealed class SipProbe : IAsyncDisposable
{
    /// <summary>A REGISTER that nobody answers has failed for sure.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly ClientWebSocket _socket = new();
    readonly byte[] _buffer = new byte[65535];
    readonly string _host = $"{Token(8)}.invalid";
    readonly string _callId = Token(12);
    readonly string _tag = Token(8);
    readonly Guid _instance = Guid.NewGuid();
    readonly string _impu;
    readonly string _domain;
    uint _cseq;

    SipProbe(string impu) => (_impu, _domain) = (impu, impu[(impu.IndexOf('@', StringComparison.Ordinal) + 1)..]);

    /// <param name="w2">Address of the eP-CSCF.</param>
    /// <param name="root">Whom it believes.</param>
    /// <param name="impu">Who it says that it is.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task<SipProbe> ConnectAsync(Uri w2, X509Certificate2 root, string impu, CancellationToken stop)
    {
        var probe = new SipProbe(impu);
        try
        {
            probe._socket.Options.AddSubProtocol("sip");
            using var http = new HttpMessageInvoker(StudyHttp.Believing(root), disposeHandler: false);
            await probe._socket.ConnectAsync(w2, http, stop);
            return probe;
        }
        catch
        {
            probe._socket.Dispose();
            throw;
        }
    }

    /// <summary>Registers as a WIC does that has a password: the challenge, and its answer.</summary>
    /// <param name="name">The private identity.</param>
    /// <param name="password">Of the user, or another one.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <param name="more">Further headers.</param>
    public async Task<SipMessage> RegisterAsync(string name, string password, CancellationToken stop, params string[] more)
    {
        var challenged = await RegisterAsync(stop, more);
        if (challenged.Status != 401) return challenged;
        var challenge = challenged.GetAll(HeaderName.WwwAuthenticate)
            .Select(text => DigestChallenge.TryParse(text, out var read) ? read : null)
            .First(read => read?.Algorithm == DigestAlgorithm.Md5)!;
        var secret = DigestSecret.Of(DigestAlgorithm.Md5, name, _domain, password);
        var answer = DigestCredentials.Answer(challenge, name, secret, "REGISTER", $"sip:{_domain}", Token(8), 1);
        return await RegisterAsync(stop, [.. more, $"Authorization: {answer.ToHeaderText()}"]);
    }

    /// <summary>One REGISTER; its final answer.</summary>
    public Task<SipMessage> RegisterAsync(CancellationToken stop, params string[] more) => RequestAsync(
        "REGISTER", _impu, stop,
        [
            $"Contact: <{_impu.Replace($"@{_domain}", $"@{_host};transport=ws", StringComparison.Ordinal)}>;reg-id=1;expires=600;"
                + $"+sip.instance=\"<urn:uuid:{_instance}>\"",
            "Supported: path, outbound", .. more,
        ]);

    /// <summary>One OPTIONS to the home domain.</summary>
    public Task<SipMessage> OptionsAsync(CancellationToken stop, params string[] more) =>
        RequestAsync("OPTIONS", $"sip:{_domain}", stop, more);

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<SipMessage> RequestAsync(string method, string to, CancellationToken stop, params string[] more)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        string[] lines =
        [
            $"{method} sip:{_domain} SIP/2.0", $"Via: SIP/2.0/WSS {_host};branch=z9hG4bK{Token(10)}", "Max-Forwards: 69",
            $"From: <{_impu}>;tag={_tag}", $"To: <{to}>", $"Call-ID: {_callId}", $"CSeq: {++_cseq} {method}", .. more,
            "Content-Length: 0", "", "",
        ];
        await _socket.SendAsync(
            System.Text.Encoding.UTF8.GetBytes(string.Join("\r\n", lines)), WebSocketMessageType.Text, true, patience.Token);
        while (true)
            if (await ReceiveAsync(patience.Token) is { IsResponse: true, Status: >= 200 } answer) return answer;
    }

    async Task<SipMessage?> ReceiveAsync(CancellationToken stop)
    {
        for (var length = 0; ;)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), stop);
            if (part.MessageType == WebSocketMessageType.Close) throw new RefusedException("The eP-CSCF closed the WebSocket.");
            length += part.Count;
            if (!part.EndOfMessage) continue;
            return SipMessage.TryParse(_buffer.AsSpan(0, length), out var message, out _) ? message : null;
        }
    }

    static string Token(int length) => new SystemRandom().NextToken(length);
}
