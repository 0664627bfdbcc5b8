using System.Diagnostics.CodeAnalysis;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>
/// A TURN server (RFC 8656) as one machine: bytes and time in, decisions out. One worker owns it and calls it on one thread.
/// </summary>
/// <remarks>
/// Each input returns at most one message; what changes the world is queued and taken by <see cref="TryTake"/> after every
/// input. Every <c>head</c> has at least <see cref="HeadSize"/> bytes: it takes what precedes the payload, or the whole reply.
/// </remarks>
public sealed partial class TurnServer
{
    /// <summary>The least size of the head span that callers bring: the longest answer fits, as RFC 8489 §6.1 advises.</summary>
    public const int HeadSize = 548;

    /// <summary>More types than this are not listed in a 420: its reply must stay short.</summary>
    const int MaxUnknown = 32;

    readonly WorkerId _self;
    readonly TurnLedger _ledger;
    readonly IRandom _random;
    readonly RelayNames _names;
    readonly string _realm;
    readonly byte[] _software;
    readonly AttributeType[] _understood;
    readonly AttributeType[] _understoodWithToken;

    /// <summary>A key that nobody has.</summary>
    readonly IntegrityKey _nobody;

    readonly Dictionary<FiveTuple, Allocation> _allocations = [];
    readonly RelayTable _relays;
    readonly UnauthenticatedAnswers _unauthenticated;
    readonly Deadlines<RelayId> _expiries = new();
    readonly Dictionary<FiveTuple, Opening> _openings = [];

    /// <summary>Those whose clients have tickets, by what tickets name.</summary>
    readonly Dictionary<RelayId, Allocation> _mobile = [];
    readonly Pending<Waiting> _questions = new(MaxQuestions + MaxSearches + MaxConnects);
    readonly Queue<TurnEffect> _effects = [];

    // Scratch of the one thread, so that no message allocates.
    readonly AttributeType[] _unknown = new AttributeType[MaxUnknown];
    readonly Caller?[] _known = new Caller?[5];
    readonly TransportAddress[] _peersRead = new TransportAddress[StunMessage.MostAttributes];

    TurnSettings _settings;
    PeerPolicy _peers;
    ICredentialVerifier _verifier;
    NonceKeys _nonceKeys;
    RealmTable _realms;

    /// <param name="self">The worker, whose number stands in every id given out.</param>
    /// <param name="settings">What the operator decided.</param>
    /// <param name="ledger">Shared with the other workers.</param>
    /// <param name="verifier">Finds the keys of a username.</param>
    /// <param name="nonceKeys">The same for all workers.</param>
    /// <param name="random">Ports, tokens, transaction ids.</param>
    /// <exception cref="ArgumentException">The settings have a mistake.</exception>
    public TurnServer(
        WorkerId self, TurnSettings settings, TurnLedger ledger, ICredentialVerifier verifier, NonceKeys nonceKeys,
        IRandom random)
    {
        (_self, _settings, _ledger, _random) = (self, settings.Validated(), ledger, random);
        _peers = new(settings, ledger);
        _names = new(settings);
        _relays = new(self);
        _connections = new(self);
        _realm = OpaqueString.TryEnforce(settings.Realm, out var realm) ? realm : settings.Realm;
        _software = Encoding.UTF8.GetBytes(settings.Software);
        _understood =
        [
            .. Understood, .. settings.CanForbidFragments ? [AttributeType.DontFragment] : Array.Empty<AttributeType>(),
            .. settings.TcpRelay ? [AttributeType.ConnectionId] : Array.Empty<AttributeType>(),
        ];
        _understoodWithToken = [.. _understood, AttributeType.AccessToken];
        _nobody = new(BitConverter.GetBytes(random.NextUInt64()));
        (_verifier, _nonceKeys) = (verifier, nonceKeys);
        _realms = Realms();
        _unauthenticated = new(settings.Unauthenticated, random);
        _tickets = new(nonceKeys, _realms.First.Name);
    }

    /// <summary>What RFC 8489 §18.3 and RFC 8656 §18 require a server to comprehend.</summary>
    static ReadOnlySpan<AttributeType> Understood =>
    [
        AttributeType.MappedAddress, AttributeType.Username, AttributeType.ErrorCode, AttributeType.UnknownAttributes,
        AttributeType.ChannelNumber, AttributeType.Lifetime, AttributeType.XorPeerAddress, AttributeType.Data,
        AttributeType.Realm, AttributeType.Nonce, AttributeType.XorRelayedAddress, AttributeType.RequestedAddressFamily,
        AttributeType.EvenPort, AttributeType.RequestedTransport, AttributeType.PasswordAlgorithm, AttributeType.UserHash,
        AttributeType.XorMappedAddress, AttributeType.ReservationToken,
    ];

    public TurnCounters Counters { get; } = new();

    /// <summary>When <see cref="OnDeadline"/> is to be called next; null while nothing is due ever.</summary>
    public Instant? NextDeadline =>
        Instant.Earliest(_expiries.Next, _questions.NextDeadline, _lodgers.NextDeadline, _connections.NextDeadline);

    /// <summary>How much this worker keeps, of any kind: allocations, relays, questions, deadlines; 0 when nothing lives and nothing is
    /// under way.</summary>
    public int Kept =>
        _allocations.Count + _relays.Count + _expiries.Count + _openings.Count + _searches.Count + _questions.Count + _effects.Count
        + _lodgers.Count + _connections.Count;

    /// <summary>One message of a client: a datagram, or one message cut out of a stream.</summary>
    public Forward OnClient(Instant now, in ClientPath path, ReadOnlySpan<byte> message, Span<byte> head)
    {
        var forward = message.Demultiplex() switch
        {
            FirstByte.ChannelData => OnChannelData(now, path, message),
            FirstByte.Stun => OnStun(now, path, message, head),
            _ => Forward.Drop(DropReason.NotForUs),
        };
        if (forward.Kind == ForwardKind.Drop) Counters.By(path).CountDrop(forward.Reason);
        return forward;
    }

    /// <summary>Does what is due. Silence at a question's deadline is an answer, too, and may owe a client a reply: call it again
    /// while <see cref="NextDeadline"/> is not after <paramref name="now"/>.</summary>
    public Forward OnDeadline(Instant now, Span<byte> head)
    {
        while (_expiries.TryPop(now, out var relay))
            if (_relays.Find(relay) is { } address)
                End(address, address.ExpiresAt < address.Allocation.Owner.EndsAt
                    ? AllocationEnd.Expired
                    : AllocationEnd.CredentialEnded);
            else
                Lapse(relay);
        _lodgers.Sweep(now);
        while (_connections.TryPopUnbound(now, out var connection)) Close(connection);
        return _questions.TryExpire(now, out _, out var waiting)
            ? Rerun(now, waiting, answer: null, head)
            : Forward.Drop(DropReason.Nothing);
    }

    /// <summary>Takes the next queued effect; the join drains after every input.</summary>
    public bool TryTake([NotNullWhen(true)] out TurnEffect? effect) => _effects.TryDequeue(out effect);

    Forward OnStun(Instant now, in ClientPath path, ReadOnlySpan<byte> bytes, Span<byte> head)
    {
        // Whoever forges this source gets no work out of us; and the system would refuse every answer.
        if (path.FiveTuple.Client.Port == 0) return Forward.Drop(DropReason.NoReturn);
        if (!StunMessage.TryParse(bytes, out var message, out var error))
            return error == StunError.BadCookie ? OnClassic(path, bytes, head) : Forward.Drop(DropReason.Malformed);
        if (message.Class == StunClass.Request && path.CarriedBy is null) Counters.By(path).CountRequest(message.Method);
        return (message.Class, message.Method) switch
        {
            (StunClass.Indication, StunMethod.Send) => OnSend(now, path, message),
            (StunClass.Request, StunMethod.Binding) => OnBinding(new(now, path, message, head)),
            (StunClass.Request, StunMethod.Allocate or StunMethod.Refresh) or
            (StunClass.Request, StunMethod.CreatePermission or StunMethod.ChannelBind) =>
                OnRequest(new(now, path, message, head)),
            (StunClass.Request, StunMethod.Connect or StunMethod.ConnectionBind) when _settings.TcpRelay =>
                OnRequest(new(now, path, message, head)),
            // A Binding indication only keeps a NAT awake (RFC 8489 §6.3.2); the rest is nothing a server is sent.
            _ => Forward.Drop(DropReason.Unexpected),
        };
    }

    /// <summary>The checks that all requests of TURN have in common (RFC 8489 §6.3, RFC 8656 §5), then the method.</summary>
    Forward OnRequest(Request request)
    {
        request.Allocation = TryGetAllocation(request.Now, request.Path, out var live) ? live : null;
        if (!TryAuthenticate(ref request, out var refusal)) return refusal;
        var caller = request.Caller!;
        // RFC 8489 §6.3: "Once the authentication checks are done, the STUN agent checks for unknown attributes"
        if (request.Message.FindUnknown(UnderstoodIn(request.Message.Method), _unknown) is > 0 and var count)
            return ErrorOfUnknown(request, count);
        if (request.Message.Method == StunMethod.Allocate) return OnAllocate(request, caller);
        if (request.Message.Method == StunMethod.ConnectionBind) return OnConnectionBind(request, caller);
        if (request.Ticket != TicketState.Absent && RefusalOfMove(request, caller) is { } refused) return Error(request, refused);
        if (request.Allocation is not { } allocation) return Error(request, ErrorCode.AllocationMismatch);
        if (!allocation.Takes(caller)) return Error(request, ErrorCode.WrongCredentials);
        return request.Message.Method switch
        {
            StunMethod.Refresh => OnRefresh(request, allocation, caller),
            StunMethod.CreatePermission => OnCreatePermission(request, allocation),
            StunMethod.Connect => OnConnect(request, allocation),
            _ => OnChannelBind(request, allocation),
        };
    }

    bool TryGetAllocation(Instant now, in ClientPath path, [NotNullWhen(true)] out Allocation? allocation) =>
        _allocations.TryGetValue(path.FiveTuple, out allocation) && allocation.IsLive(now);

    void Audit(TurnAudit audit) => _effects.Enqueue(new TurnEffect.Audit(audit));

    RealmTable Realms() => new(_realm, _verifier, _nonceKeys, _settings.NonceLifetime);
}
