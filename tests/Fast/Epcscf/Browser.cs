using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>A WIC as JsSIP behaves: its messages, its digest, its dialogs; the test decides what it sends.</summary>
sealed class Browser(Home home, ulong flow, string name)
{
    static ulong _branches;

    uint _cseq;
    uint _count;

    public FlowId Flow { get; set; } = new(flow);

    public string Name { get; } = name;

    public string Instance { get; set; } = $"urn:uuid:00000000-0000-4000-8000-{flow:x12}";

    public string Identity => $"sip:{Name}@{Home.Domain}";

    public string Contact => $"<sip:{Name}-{Instance[^4..]}@df7jal23ls0d.invalid;transport=ws>";

    public string CallId { get; set; } = $"call-{flow}-{name}";

    public DigestAlgorithm Algorithm { get; set; } = DigestAlgorithm.Md5;

    public string Password { get; set; } = "secret";

    /// <summary>Sent in every request but ACK and CANCEL, as TS 24.371 wants it; null in scenario 1.</summary>
    public string? Token { get; set; }

    /// <summary>A request with the headers that a browser sends.</summary>
    public SipMessage Request(string method, string uri, params (string Name, string Value)[] more)
    {
        var request = SipMessage.Request(
            method, SipUri.Parse(uri), new(SipUri.Parse(Identity), null, [new("tag", $"from-{Name}")]), new(SipUri.Parse(uri)),
            $"{method}-{Name}-{++_cseq}", _cseq);
        Stamp(request);
        request.Add(HeaderName.Contact, Contact);
        foreach (var (header, value) in more) request.Add(header, value);
        ShowToken(request);
        return request;
    }

    void ShowToken(SipMessage request)
    {
        if (Token is not null && request.Method is not (SipMethod.Ack or SipMethod.Cancel) && !BearerCredentials.IsIn(request))
            request.Add(HeaderName.Authorization, new BearerCredentials(Token));
    }

    public static void Stamp(SipMessage request) => request.Insert(
        HeaderName.Via, new Via("WS", "df7jal23ls0d.invalid", $"z9hG4bKb{Interlocked.Increment(ref _branches)}"));

    public SipMessage Registering(uint expires = 600, params (string Name, string Value)[] more)
    {
        var register = Request(SipMethod.Register, $"sip:{Home.Domain}", more);
        register.Set(HeaderName.To, $"<{Identity}>");
        register.Set(HeaderName.CallId, CallId);
        register.Set(HeaderName.Contact, $"{Contact};+sip.instance=\"<{Instance}>\";reg-id=1;expires={expires}");
        register.Add(HeaderName.Supported, "path, gruu, outbound");
        return register;
    }

    /// <summary>A whole registration: challenge, answer; the last response.</summary>
    public SipMessage Register(uint expires = 600, params (string Name, string Value)[] more)
    {
        Send(Registering(expires, more));
        var challenged = Answered();
        if (challenged.Status != 401 || Token is not null) return challenged;
        Send(Answering(Registering(expires, more), challenged));
        return Answered();
    }

    public SipMessage RegisterAsking(uint expires = 600) => Register(expires, ("Turn-Credential-Request", "password"));

    public SipMessage Answering(SipMessage register, SipMessage challenged)
    {
        var challenge = challenged.Headers.Where(h => h.Name == HeaderName.WwwAuthenticate)
            .Select(h => DigestChallenge.TryParse(h.Value, out var one) ? one : null).First(one => one?.Algorithm == Algorithm)!;
        var secret = DigestSecret.Of(Algorithm, $"{Name}@{Home.Domain}", Home.Domain, Password);
        register.Add(HeaderName.Authorization, DigestCredentials.Answer(
            challenge, $"{Name}@{Home.Domain}", secret, SipMethod.Register, $"sip:{Home.Domain}", "c0ffee", ++_count));
        return register;
    }

    public void Send(SipMessage message) => home.ToEdge(Flow, message);

    public List<SipMessage> Take() => home.Take(Flow);

    /// <summary>The one final response it got.</summary>
    public SipMessage Answered() => Assert.Single(Take(), message => message.Status >= 200);

    /// <summary>The one request it got.</summary>
    public SipMessage Called() => Assert.Single(Take(), message => message.IsRequest);

    public SipMessage Respond(SipMessage request, int status, params (string Name, string Value)[] more)
    {
        var response = SipMessage.Response(request, status, toTag: $"to-{Name}");
        if (status is > 100 and < 300) response.CopyFrom(request, HeaderName.RecordRoute);
        if (status is > 100 and < 300) response.Add(HeaderName.Contact, Contact);
        foreach (var (header, value) in more) response.Add(header, value);
        Send(response);
        return response;
    }

    /// <summary>A request of a dialog, by the route set of the message that confirmed it (RFC 3261 §12.1).</summary>
    /// <param name="method">Of the new request.</param>
    /// <param name="established">The response that the caller got, or the request that the called one got.</param>
    public SipMessage Within(string method, SipMessage established)
    {
        var isCaller = established.IsResponse;
        var request = SipMessage.Request(method, established.Contacts[0].Uri);
        Stamp(request);
        var (caller, called) = (established.Get(HeaderName.From)!, established.Get(HeaderName.To)!);
        request.Add(HeaderName.From, isCaller ? caller : $"{called};tag=to-{Name}");
        request.Add(HeaderName.To, isCaller ? called : caller);
        request.Add(HeaderName.CallId, established.CallId!);
        request.Add(HeaderName.CSeq, $"{(method == SipMethod.Ack ? established.CSeq!.Value.Number : 100 + ++_cseq)} {method}");
        var routes = established.RecordRoutes;
        foreach (var route in isCaller ? routes.Reverse() : routes) request.Add(HeaderName.Route, route.ToString());
        ShowToken(request);
        return request;
    }
}
