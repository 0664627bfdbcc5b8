using System.Text;
using Portunus.Bedrock;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

/// <summary>An edge that answers a user agent as the test tells it to.</summary>
sealed class UserAgentScript
{
    public const string Credential =
        "password;uris=\"turn:turn.example.net:3478?transport=udp\";username=\"1900000000:0123456789ab\";credential=\"c2VjcmV0\""
        + ";ttl=1000";

    const string Md5Challenge = "Digest realm=\"ims.example.net\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";

    readonly Queue<SipMessage> _sent = new();
    readonly Queue<UserAgentEffect> _news = new();

    public UserAgentScript(bool open = true, string? token = null, bool renews = false)
    {
        Agent = new(new UserAgentSettings
        {
            Identity = SipUri.Parse("sip:alice@ims.example.net"),
            PrivateIdentity = "alice@ims.example.net",
            Password = token is null ? "wonderland" : null,
            Token = token,
            CanRenewToken = renews,
        }, new SeededRandom(7));
        if (open) Agent.OnFlowOpened(Now);
    }

    public UserAgent Agent { get; }

    /// <summary>How many messages left that no test has looked at.</summary>
    public int Unread
    {
        get
        {
            Drain();
            return _sent.Count;
        }
    }

    public Instant Now { get; private set; } = Instant.FromUnixSeconds(1_800_000_000);

    /// <summary>Registered for 600 s along a Service-Route, with a credential of 1000 s.</summary>
    public static UserAgentScript Registered()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Challenge(edge.Sent());
        edge.Grant(edge.Sent());
        edge.Effects();
        return edge;
    }

    /// <summary>The next of what the agent has to say to its user; null when there is nothing.</summary>
    public UserAgentEffect? Effect()
    {
        Drain();
        return _news.TryDequeue(out var news) ? news : null;
    }

    /// <summary>All that the agent has to say to its user.</summary>
    public List<UserAgentEffect> Effects()
    {
        Drain();
        List<UserAgentEffect> all = [.. _news];
        _news.Clear();
        return all;
    }

    /// <summary>The next message, as it would be read at the other end.</summary>
    public SipMessage Sent()
    {
        Drain();
        Assert.True(_sent.TryDequeue(out var sent), "a message leaves");
        Assert.True(SipMessage.TryParse(sent.ToBytes(), out var message, out _));
        Assert.True(message.IsResponse || message.TopVia is { Transport: "WS", HasMagicCookie: true });
        return message;
    }

    void Drain()
    {
        while (Agent.TryTake(out var effect))
        {
            if (effect is UserAgentEffect.ToFlow(var message)) _sent.Enqueue(message);
            else _news.Enqueue(effect);
        }
    }

    public void Wait(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (Agent.NextDeadline <= end)
        {
            Now = Agent.NextDeadline!.Value;
            Agent.OnDeadline(Now);
            Assert.False(Agent.NextDeadline <= Now);
        }

        Now = end;
    }

    public void Answer(SipMessage request, int status, Action<SipMessage>? edit = null, string toTag = "theirs")
    {
        var response = SipMessage.Response(request, status, toTag: toTag);
        edit?.Invoke(response);
        Receive(response);
    }

    public void Challenge(SipMessage request, params string[] challenges) => Answer(request, 401, response =>
    {
        foreach (var challenge in challenges is [] ? [Md5Challenge] : challenges)
            response.Add(HeaderName.WwwAuthenticate, challenge);
    });

    public void Grant(SipMessage register, int expires = 600) => Answer(register, 200, response =>
    {
        if (expires > 0) response.Add(HeaderName.Contact, $"{register.Get(HeaderName.Contact)};expires={expires}");
        response.Add(HeaderName.ServiceRoute, "<sip:core.example.net;lr>");
        if (register.Has("Turn-Credential-Request")) response.Add("Turn-Credential", Credential);
    });

    public void Receive(SipMessage message)
    {
        Assert.True(SipMessage.TryParse(message.ToBytes(), out var arrived, out _));
        Agent.OnMessage(Now, arrived);
    }

    /// <summary>A request of bob's, by way of two proxies.</summary>
    public SipMessage FromBob(string method, string? toTag = null, uint number = 1)
    {
        var to = new NameAddress(SipUri.Parse("sip:alice@ims.example.net"));
        var from = new NameAddress(SipUri.Parse("sip:bob@ims.example.net")).With("tag", "bobs");
        if (toTag is not null) to = to.With("tag", toTag);
        var request = SipMessage.Request(
            method, SipUri.Parse("sip:alice@alice.invalid;transport=ws"), from, to, "bobs-call", number);
        request.Insert(HeaderName.Via, $"SIP/2.0/WS edge.example.net;branch=z9hG4bKbob{number}");
        request.Add(HeaderName.RecordRoute, "<sip:edge.example.net;lr>");
        request.Add(HeaderName.RecordRoute, "<sip:core.example.net;lr>");
        request.Add(HeaderName.Contact, "<sip:bob@bob.invalid;transport=ws>");
        if (method == SipMethod.Invite) request.SetBody("application/sdp", "offer"u8.ToArray());
        return request;
    }

    public static string Text(ReadOnlyMemory<byte> body) => Encoding.ASCII.GetString(body.Span);
}
