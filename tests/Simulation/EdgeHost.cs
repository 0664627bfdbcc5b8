using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Tests.Simulation;

/// <summary>
/// A machine with the shards of an eP-CSCF behind one W2 address and one stream to the core, and an observer at both.
/// </summary>
sealed class EdgeHost : INode
{
    static readonly HeaderName CredentialRequestHeader = "Turn-Credential-Request";
    static readonly HeaderName CredentialHeader = "Turn-Credential";

    readonly TransportAddress _mw;
    readonly TransportAddress _core;
    readonly string _domain;
    readonly Func<Edge[]> _make;
    readonly Outside _outside;
    readonly SeededRandom _random;
    readonly Facts _facts;
    readonly Deadlines<(int Shard, AskId Ask)> _answers = new();
    readonly Dictionary<(int Shard, AskId Ask), EdgeQuestion> _answering = [];
    readonly Dictionary<FlowId, W2> _flows = [];
    readonly Dictionary<TransportAddress, FlowId> _byClient = [];
    readonly Queue<Parcel> _leaving = new();
    readonly Dictionary<string, W2> _bound = [];
    SipMessage? _recorded;
    Edge[] _shards;
    ulong _lastFlow;

    public EdgeHost(
        TransportAddress mw, TransportAddress core, int shards, EdgeSettings settings, Func<IProvisioning> provisioning,
        Outside outside, SeededRandom random, Facts facts)
    {
        (_mw, _core, _domain, _outside, _random, _facts) = (mw, core, settings.HomeDomain, outside, random, facts);
        _make = () => [.. Enumerable.Range(0, shards).Select(i => new Edge(new((byte)i), settings, provisioning(), random.Fork()))];
        _shards = _make();
        _leaving.Enqueue(Parcel.Open(_mw, _core));
    }

    public Plant Plant { get; init; }

    /// <summary>The WAF and the TURN server take up to this for an answer.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>Share of pushes that are lost, and again as many whose acknowledgement is.</summary>
    public double Lost { get; set; }

    public int OpenQuestions => _answering.Count;

    public Instant? NextDeadline
    {
        get
        {
            var next = _answers.Next;
            foreach (var shard in _shards) next = Instant.Earliest(next, shard.NextDeadline);
            return next;
        }
    }

    /// <summary>The program ends and is started again: nothing is remembered, and every WebSocket is gone.</summary>
    public void Restart()
    {
        foreach (var flow in _flows.Values) _leaving.Enqueue(Parcel.Close(flow.Here, flow.Client));
        _flows.Clear();
        _byClient.Clear();
        foreach (var due in _answering.Keys) _answers.Cancel(due);
        _answering.Clear();
        _outside.Forget();
        _bound.Clear();
        _shards = _make();
    }

    /// <summary>The core has ended the registration of an identity at <paramref name="now"/>, by the world's clock.</summary>
    public void EndedByCore(Instant now, string identity)
    {
        if (_bound.TryGetValue(identity, out var flow) && _flows.ContainsValue(flow)) flow.EndedAt = now;
    }

    /// <summary>
    /// Whether no WebSocket stands since before <paramref name="then"/> whose registration the core ended, and that was not
    /// registered again.
    /// </summary>
    public bool HasEndedAllOf(Instant then) => _flows.Values.All(flow => !(flow.EndedAt < then));

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (parcel.From == _core) OnCore(now, parcel);
        else OnW2(now, parcel);
    }

    public void OnDeadline(Instant now)
    {
        while (_answers.TryPop(now, out var due)) Answer(now, due);
        foreach (var shard in _shards)
        {
            if (!(shard.NextDeadline <= now)) continue;
            shard.OnDeadline(now);
            Drain(now, shard, isTime: true);
        }
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void OnW2(Instant now, in Parcel parcel)
    {
        switch (parcel.Kind)
        {
            case ParcelKind.Opened:
                var id = new FlowId(++_lastFlow);
                _flows.Add(id, new W2(parcel.From, parcel.To));
                _byClient.Add(parcel.From, id);
                break;
            case ParcelKind.Closed when _byClient.Remove(parcel.From, out var gone):
                var shard = _shards[(_flows[gone].Shard ?? default).Value];
                _flows.Remove(gone);
                shard.OnFlowClosed(now, gone);
                Drain(now, shard);
                break;
            case ParcelKind.Segment when _byClient.TryGetValue(parcel.From, out var from)
                && SipMessage.TryParse(parcel.Bytes.Span, out var message, out _):
                var flow = _flows[from];
                flow.Shard ??= Steering.OfFlow(message, _shards.Length);
                if (message is { IsRequest: true, Method: SipMethod.Register }) flow.CallId = message.CallId;
                var machine = _shards[(flow.Shard ?? default).Value];
                machine.OnW2(now, from, message);
                Drain(now, machine);
                break;
        }
    }

    void OnCore(Instant now, in Parcel parcel)
    {
        if (parcel.Kind != ParcelKind.Segment || !SipMessage.TryParse(parcel.Bytes.Span, out var message, out _)) return;
        ObserveMw(message);
        if (Plant == Plant.DeafEdge && message is { IsRequest: true, Method: SipMethod.Notify }) return;
        if (message is { IsResponse: true, Method: SipMethod.Register, Status: >= 200 and < 300 }) ObserveBinding(message);
        var shard = _shards[(Steering.OfCore(message, _shards.Length) ?? default).Value];
        shard.OnCore(now, default, message);
        Drain(now, shard);
    }

    void Drain(Instant now, Edge shard, bool isTime = false)
    {
        var (asked, acted) = (0, 0);
        while (shard.TryTake(out var effect))
        {
            if (effect is EdgeEffect.Ask) asked++;
            else acted++;
            switch (effect)
            {
                case EdgeEffect.ToW2(var id, var message) when _flows.TryGetValue(id, out var flow):
                    Corrupt(message);
                    ObserveW2(flow, message);
                    _leaving.Enqueue(Parcel.Segment(flow.Here, flow.Client, message.ToBytes()));
                    if (Plant == Plant.InviteAfterDeregistration) Replay(flow, message);
                    break;
                case EdgeEffect.ToCore(_, var message):
                    if (Plant == Plant.CredentialOnMw) message.Add(CredentialRequestHeader, "password");
                    if (Plant == Plant.TokenOnMw) message.Set(HeaderName.Authorization, new BearerCredentials("x"));
                    ObserveMw(message);
                    _leaving.Enqueue(Parcel.Segment(_mw, _core, message.ToBytes()));
                    break;
                case EdgeEffect.CloseFlow(var id) when _flows.Remove(id, out var flow):
                    _byClient.Remove(flow.Client);
                    _leaving.Enqueue(Parcel.Close(flow.Here, flow.Client));
                    shard.OnFlowClosed(now, id);
                    break;
                case EdgeEffect.Audit(EdgeEvent.FlowLost, _, _):
                    _facts.FlowsLost++;
                    break;
                case EdgeEffect.Ask(var id, var question, _):
                    _facts.Questions++;
                    if (question is EdgeQuestion.Push) _facts.Pushes++;
                    else _facts.Tokens++;
                    // By its number in the machine: a shard knows its own questions only.
                    var due = (Array.IndexOf(_shards, shard), id);
                    _answering.Add(due, question);
                    _answers.Set(due, now + TimeSpan.FromMilliseconds(1) + _random.Within(Slowness));
                    break;
                case EdgeEffect.Withdraw withdrawal when Plant != Plant.NoWithdrawal:
                    _facts.Withdrawals++;
                    _outside.Withdraw(withdrawal);
                    break;
            }
        }

        JudgePushed();

        if (!isTime && asked > 0 && asked + acted > 1) _facts.Break(Laws.AskOrAct, "edge", $"{asked} questions and {acted} acts");
    }

    void Answer(Instant now, (int Shard, AskId Ask) due)
    {
        _answering.Remove(due, out var question);
        var isLost = question is EdgeQuestion.Push && _random.Chance(Lost);
        if (question is EdgeQuestion.Push push && !isLost) _outside.Push(push.Credential);
        JudgePushed();
        if (isLost || (question is EdgeQuestion.Push && _random.Chance(Lost))) return;
        EdgeAnswer answer = question switch
        {
            EdgeQuestion.VerifyToken { Token: var token } => Outside.Verify(now, token, _domain),
            EdgeQuestion.Push { Servers: var servers } => new EdgeAnswer.Pushed(servers),
            _ => new EdgeAnswer.Silence(),
        };
        _shards[due.Shard].OnAnswer(now, due.Ask, answer);
        Drain(now, _shards[due.Shard]);
    }

    /// <summary>What the TURN server knows is of registrations that live.</summary>
    void JudgePushed()
    {
        var known = _outside.Known.ToHashSet();
        foreach (var shard in _shards)
            foreach (var registration in shard.Registrations()) known.Remove(registration.Id);
        if (known.Count > 0) _facts.Break(Laws.PushedLives, "edge", string.Join(' ', known));
    }

    /// <summary>Puts the planted defects of W2 in.</summary>
    void Corrupt(SipMessage message)
    {
        switch (Plant)
        {
            case Plant.CredentialInRefusal when message.Status == 401:
                message.Add(CredentialHeader, "password;username=\"1800000000:0123456789\";credential=\"x\";uris=\"turn:a\";ttl=60");
                break;
            case Plant.WrongIdentity when message is { IsRequest: true, Method: SipMethod.Invite }:
                message.Set(HeaderName.PAssertedIdentity, "<sip:somebody@ims.example.net>");
                break;
            case Plant.AuthorizationToCallee when message is { IsRequest: true, Method: SipMethod.Invite }:
                message.Add(HeaderName.Authorization, "Digest username=\"x\", realm=\"y\", nonce=\"\", uri=\"z\", response=\"\"");
                break;
        }
    }

    void Replay(W2 flow, SipMessage message)
    {
        if (message is { IsRequest: true, Method: SipMethod.Invite }) _recorded = message;
        if (_recorded is null || flow.IsBound || message is not { Status: >= 200 and < 300, Method: SipMethod.Register }) return;
        _leaving.Enqueue(Parcel.Segment(flow.Here, flow.Client, _recorded.ToBytes()));
    }

    void ObserveMw(SipMessage message)
    {
        if (message.Has(CredentialRequestHeader) || message.Has(CredentialHeader) || BearerCredentials.IsIn(message))
            _facts.Break(Laws.NothingOnMw, "edge", message.ToString());
    }

    /// <summary>The registrar has spoken: the flow that sent this REGISTER has a binding, or has none.</summary>
    void ObserveBinding(SipMessage response)
    {
        foreach (var flow in _flows.Values)
        {
            if (flow.CallId != response.CallId) continue;
            flow.IsBound = response.Contacts.Any(c => (c.Expires ?? response.Expires) > 0);
            // A WIC comes back under the same Call-ID; its last WebSocket is the one that counts.
            flow.EndedAt = null;
            _bound[response.To!.Uri.AddressOfRecord] = flow;
        }
    }

    void ObserveW2(W2 flow, SipMessage message)
    {
        if (message.Has(CredentialRequestHeader)) _facts.Break(Laws.CredentialPlaces, "edge", $"{message} with a request");
        foreach (var line in message.GetAll(CredentialHeader))
        {
            var isPlace = message.IsRequest
                ? message.Method == SipMethod.Invite
                : message.Status is >= 200 and < 300 && message.Method is SipMethod.Register or SipMethod.Options;
            if (!isPlace || !flow.IsBound) _facts.Break(Laws.CredentialPlaces, "edge", $"{message}, bound: {flow.IsBound}");
            if (!TypedValue.TryParse(line, out var value) || value.Parameters["username"] is not { } username) continue;
            _facts.Minted.Add(username[(username.IndexOf(':') + 1)..]);
            _facts.Credentials++;
            if (message.Method == SipMethod.Options) _facts.CredentialsByOptions++;
        }
    }

    /// <summary>One WebSocket, and what the observer knows of it.</summary>
    sealed class W2(TransportAddress client, TransportAddress here)
    {
        public TransportAddress Client => client;

        public TransportAddress Here => here;

        public ShardId? Shard { get; set; }

        /// <summary>Of its last REGISTER.</summary>
        public string? CallId { get; set; }

        public bool IsBound { get; set; }

        /// <summary>When the core ended its registration, by the world's clock; null when it did not.</summary>
        public Instant? EndedAt { get; set; }
    }
}
