using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>An edge and a home core on one wire, in a time that the test moves; every message crosses as bytes.</summary>
sealed class Home
{
    public const string Domain = "ims.example.net";
    public static readonly Bytes Key = Bytes.Utf8("0123456789abcdef0123456789abcdef");

    readonly Dictionary<FlowId, List<SipMessage>> _inboxes = [];

    public Home(EdgeSettings? settings = null, CscfSettings? core = null, IProvisioning? provisioning = null, ulong seed = 1)
    {
        Edge = new(new(3), settings ?? Settings, provisioning ?? Provisioning, new SeededRandom(seed));
        Cscf = new(core ?? CoreSettings, new SeededRandom(seed + 1));
        foreach (var name in (string[])["alice", "bob"]) Subscribe(name, DigestAlgorithm.Md5);
    }

    public static EdgeSettings Settings { get; } = new() { HomeDomain = Domain, Host = "edge.example.net", TokenKey = Key };

    public static CscfSettings CoreSettings { get; } = new() { HomeDomain = Domain, Host = "core.example.net", NonceKey = Key };

    public static SharedSecretProvisioning Provisioning { get; } = new(
        new(SecretHash.Sha1, "first"u8), Domain, [Uri("turn:turn.example.net:3478?transport=udp")]);

    public Edge Edge { get; }

    public Cscf Cscf { get; }

    public Instant Now { get; private set; } = Instant.FromUnixSeconds(1_700_000_000);

    public Dictionary<string, Subscriber> Subscribers { get; } = [];

    /// <summary>What crossed Mw, in order, but for the edge's own subscriptions.</summary>
    public List<(bool ToCore, SipMessage Message)> Mw { get; } = [];

    /// <summary>The edge's subscriptions to reg events: SUBSCRIBE, NOTIFY, and the answers to them.</summary>
    public List<(bool ToCore, SipMessage Message)> RegEvents { get; } = [];

    public List<EdgeEffect.Audit> Audits { get; } = [];

    public List<FlowId> Closed { get; } = [];

    /// <summary>What the edge wanted the TURN servers to forget.</summary>
    public List<EdgeEffect.Withdraw> Withdrawn { get; } = [];

    /// <summary>Whom the edge wanted them to deny.</summary>
    public List<EdgeEffect.Revoke> Revoked { get; } = [];

    /// <summary>What was answered by HTTP.</summary>
    public List<EdgeEffect.ToWeb> Web { get; } = [];

    /// <summary>What the edge has asked, in order.</summary>
    public List<EdgeEffect.Ask> Asked { get; } = [];

    /// <summary>The access tokens that the outside finds good.</summary>
    public Dictionary<string, TokenClaims> Tokens { get; } = [];

    /// <summary>What the outside says to other tokens; null: nothing.</summary>
    public TokenFault? OtherTokens { get; set; } = TokenFault.Invalid;

    /// <summary>The TURN servers that acknowledge a push; null: nobody says anything.</summary>
    public IReadOnlyList<string>? Acknowledging { get; set; } = ["turn1", "turn2", "turn3"];

    /// <summary>Whether a credential can be kept for servers that ask.</summary>
    public bool HasRoom { get; set; } = true;

    /// <summary>False: questions are kept in <see cref="Asked"/> for the test to answer.</summary>
    public bool OutsideAnswers { get; set; } = true;

    /// <summary>False: what the edge sends to the core is lost.</summary>
    public bool CoreAnswers { get; set; } = true;

    /// <summary>False: the core does not hear of subscriptions; the test answers in its place.</summary>
    public bool CoreAnswersWatches { get; set; } = true;

    public static TurnUri Uri(string text) => TurnUri.TryParse(text, out var uri) ? uri : throw new FormatException(text);

    public void Subscribe(string name, params DigestAlgorithm[] algorithms) => Subscribers[$"{name}@{Domain}"] = new(
        $"{name}@{Domain}", [$"sip:{name}@{Domain}"], [.. algorithms.Select(one => SecretOf(name, one))]);

    public static DigestSecret SecretOf(string name, DigestAlgorithm algorithm) =>
        DigestSecret.Of(algorithm, $"{name}@{Domain}", Domain, "secret");

    public void ToEdge(FlowId flow, SipMessage message)
    {
        Edge.OnW2(Now, flow, Wire(message));
        SettleRun();
    }

    public void FromCore(SipMessage message)
    {
        Edge.OnCore(Now, default, Wire(message));
        SettleRun();
    }

    public void ToWeb(TokenClaims claims, string wanted = "password")
    {
        Edge.OnWebRequest(Now, new(1), claims, new([wanted], null, []));
        SettleRun();
    }

    public bool Order(EdgeOrder order)
    {
        var isMet = Edge.OnOrder(Now, order);
        Settle();
        return isMet;
    }

    /// <summary>The outside answers a question that was kept.</summary>
    public void Answer(EdgeEffect.Ask ask, EdgeAnswer answer)
    {
        Edge.OnAnswer(Now, ask.Id, answer);
        SettleRun();
    }

    /// <summary>A wrong clock: the monotonic one stays.</summary>
    public void SetWall(TimeSpan ahead) => Now = new(Now.MonotonicTicks, Now.WallTicks + ahead.Ticks);

    /// <summary>Past the edge: what a core must stand, too.</summary>
    public void ToCore(SipMessage message)
    {
        Cscf.OnEdge(Now, Wire(message));
        foreach (var effect in OfOneRun(Cscf)) Perform(effect);
    }

    public void Close(FlowId flow)
    {
        Edge.OnFlowClosed(Now, flow);
        Settle();
    }

    /// <summary>What the WIC of a flow got since it was last asked.</summary>
    public List<SipMessage> Take(FlowId flow) => _inboxes.Remove(flow, out var inbox) ? inbox : [];

    /// <summary>Moves the time, stopping wherever a machine wants to be called.</summary>
    public void Pass(TimeSpan span)
    {
        var end = Now + span;
        while (true)
        {
            var edge = Edge.NextDeadline ?? Instant.MaxValue;
            var core = Cscf.NextDeadline ?? Instant.MaxValue;
            var next = edge < core ? edge : core;
            if (next > end) break;
            if (next > Now) Now = new(next.MonotonicTicks, Now.WallTicks + (next - Now).Ticks);
            if (edge <= Now) Edge.OnDeadline(Now);
            if (core <= Now)
            {
                Cscf.OnDeadline(Now);
                foreach (var effect in OfOneRun(Cscf)) Perform(effect);
            }

            Settle();
        }

        Now = end;
    }

    /// <summary>Performs what an order to the core led to.</summary>
    public int Order(CscfOrder order)
    {
        var done = Cscf.OnOrder(Now, order);
        foreach (var effect in OfOneRun(Cscf)) Perform(effect);
        return done;
    }

    static SipMessage Wire(SipMessage message) =>
        SipMessage.TryParse(message.ToBytes(), out var read, out var error) ? read : throw new FormatException(error.ToString());

    /// <summary>All effects of one input: a run that asks leaves no other.</summary>
    void SettleRun()
    {
        var effects = new List<EdgeEffect>();
        while (Edge.TryTake(out var effect)) effects.Add(effect);
        if (effects.Any(effect => effect is EdgeEffect.Ask)) Assert.Single(effects);
        foreach (var effect in effects) Perform(effect);
    }

    EdgeAnswer? AnswerTo(EdgeQuestion question) => question switch
    {
        EdgeQuestion.VerifyToken { Token: var token } when Tokens.TryGetValue(token, out var claims) => new EdgeAnswer.Verified(claims),
        EdgeQuestion.VerifyToken when OtherTokens is { } fault => new EdgeAnswer.NotVerified(fault),
        EdgeQuestion.Keep => new EdgeAnswer.Kept(HasRoom),
        EdgeQuestion.Push { Servers: var servers } when Acknowledging is { } acknowledging =>
            new EdgeAnswer.Pushed([.. servers.Intersect(acknowledging)]),
        _ => null,
    };

    void Settle()
    {
        while (Edge.TryTake(out var effect)) Perform(effect);
    }

    /// <summary>All effects of the last input: a run that asks leaves no other.</summary>
    static List<CscfEffect> OfOneRun(Cscf cscf)
    {
        var effects = new List<CscfEffect>();
        while (cscf.TryTake(out var effect)) effects.Add(effect);
        if (effects.Any(effect => effect is CscfEffect.Ask)) Assert.Single(effects);
        return effects;
    }

    /// <summary>Whether it is of the edge's own subscriptions.</summary>
    bool Note(bool toCore, SipMessage message)
    {
        // The edge's own subscription names the edge, not a person.
        var isWatch = message.Method is SipMethod.Subscribe or SipMethod.Notify
            && (message.From is { Uri.User: null } || message.To is { Uri.User: null });
        (isWatch ? RegEvents : Mw).Add((toCore, Wire(message)));
        return isWatch;
    }

    void Perform(EdgeEffect effect)
    {
        switch (effect)
        {
            case EdgeEffect.ToW2 send:
                if (!_inboxes.TryGetValue(send.Flow, out var inbox)) _inboxes.Add(send.Flow, inbox = []);
                inbox.Add(Wire(send.Message));
                break;
            case EdgeEffect.ToCore send:
                if (Note(toCore: true, send.Message) ? !CoreAnswersWatches : !CoreAnswers) break;
                Cscf.OnEdge(Now, Wire(send.Message));
                foreach (var answer in OfOneRun(Cscf)) Perform(answer);
                break;
            case EdgeEffect.CloseFlow close:
                Closed.Add(close.Flow);
                break;
            case EdgeEffect.Ask ask:
                Asked.Add(ask);
                if (OutsideAnswers && AnswerTo(ask.Question) is { } said) Answer(ask, said);
                break;
            case EdgeEffect.Revoke revoke:
                Revoked.Add(revoke);
                break;
            case EdgeEffect.Withdraw withdraw:
                Withdrawn.Add(withdraw);
                break;
            case EdgeEffect.ToWeb web:
                Web.Add(web);
                break;
            case EdgeEffect.Audit audit:
                Audits.Add(audit);
                break;
        }
    }

    void Perform(CscfEffect effect)
    {
        switch (effect)
        {
            case CscfEffect.ToEdge send:
                Note(toCore: false, send.Message);
                Edge.OnCore(Now, default, Wire(send.Message));
                SettleRun();
                break;
            case CscfEffect.Ask ask:
                Cscf.OnAnswer(Now, ask.Id, ask.Question.IsPublic
                    ? Subscribers.Values.FirstOrDefault(one => one.Impus.Contains(ask.Question.Identity))
                    : Subscribers.GetValueOrDefault(ask.Question.Identity));
                foreach (var answer in OfOneRun(Cscf)) Perform(answer);
                break;
        }
    }
}
