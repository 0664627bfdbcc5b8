using System.Collections.Immutable;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>What an operator decides about a TURN server; an immutable snapshot that all its workers share.</summary>
public sealed record TurnSettings
{
    /// <summary>The first realm of the long-term credentials (RFC 8489 §9.2): the provider's domain name. Further ones come with their
    /// credentials (<see cref="ICredentialVerifier.Further"/>).</summary>
    public required string Realm { get; init; }

    /// <summary>Where relays are opened; which families are there decides what is answered 440.</summary>
    public required ImmutableArray<RelayAddress> Relays { get; init; }

    public PortRange RelayPorts { get; init; } = PortRange.Dynamic;

    /// <summary>Taken out of the default list of forbidden peers.</summary>
    public ImmutableArray<AddressRange> AllowPeers { get; init; } = [];

    /// <summary>Forbidden whatever else is said.</summary>
    public ImmutableArray<AddressRange> DenyPeers { get; init; } = [];

    /// <summary>Addresses and ports on which this process listens for anything; never a peer. A wildcard listener is given as
    /// itself and as each address of the machine.</summary>
    public ImmutableArray<TransportAddress> OwnListeners { get; init; } = [];

    /// <summary>The addresses of this machine, whose services trust it: never a peer, unless <see cref="AllowPeers"/> names one alone, or
    /// it is a relay address.</summary>
    public ImmutableArray<TransportAddress> OwnAddresses { get; init; } = [];

    /// <summary>The SOFTWARE attribute; short, since every Allocate response carries it (RFC 8656 §5).</summary>
    public string Software { get; init; } = "Portunus";

    /// <summary>The least lifetime of an allocation (RFC 8656 §6).</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The longest lifetime that a client can ask for (RFC 8656 §7.2 advises no more than an hour).</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Allocations of one subject whose name is made per registration. A browser opens one per interface, server
    /// address and component, and leaves them for ten minutes when its page is reloaded.</summary>
    public int UserQuota { get; init; } = 50;

    /// <summary>Allocations of one static name, which a whole service may share.</summary>
    public int StaticUserQuota { get; init; } = 1000;

    /// <summary>Allocations of one IPv4 address or one /64 of IPv6, whoever's they are: a quarter of the ports that are there
    /// ordinarily.</summary>
    public int AddressQuota { get; init; } = 4096;

    /// <summary>Allocations of all workers; beyond it 508 is answered. Ports alone limit it unless it is set.</summary>
    public int TotalQuota { get; init; } = int.MaxValue;

    /// <summary>Kilobits of payload a second of one subject, in each direction; null for no limit but that of its
    /// credential.</summary>
    public int? MaxKbps { get; init; }

    /// <summary>Datagrams a second of one subject, in each direction; null as before.</summary>
    public int? MaxPps { get; init; }

    /// <summary>Live permissions of one allocation: a browser makes one for every remote candidate's address.</summary>
    public int MaxPermissions { get; init; } = 128;

    /// <summary>Live channels of one allocation.</summary>
    public int MaxChannels { get; init; } = 128;

    /// <summary>Of one worker: <see cref="UnauthenticatedLimits.Share"/> of the server's.</summary>
    public UnauthenticatedLimits Unauthenticated { get; init; } = new();

    /// <summary>Relays of one worker, of which a dual allocation has two.</summary>
    public int MaxAllocations { get; init; } = 65536;

    /// <summary>Whether the data path can set the DF bit; without it DONT-FRAGMENT is unknown (RFC 8656 §7.2 step 4).</summary>
    public bool CanForbidFragments { get; init; }

    /// <summary>Whether clients are given tickets with which they keep an allocation when their address changes (RFC 8016).</summary>
    public bool Mobility { get; init; }

    /// <summary>Whether clients may have TCP between their relayed addresses and peers (RFC 6062).</summary>
    public bool TcpRelay { get; init; }

    /// <summary>Connections with peers of one allocation of TCP, of any state: each may have two sockets.</summary>
    public int MaxConnections { get; init; } = 32;

    /// <summary>The same, of those that are being opened or wait for their client: who has many peers takes them up in turn.</summary>
    public int MaxPendingConnections { get; init; } = 8;

    /// <summary>Connections with peers of one worker.</summary>
    public int MaxWorkerConnections { get; init; } = 4096;

    /// <summary>How many workers the server has: a CONNECTION-ID that names another's is carried there.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>After which a nonce is answered 438 (RFC 8656 §5: at least once an hour).</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the outside may take to open a relay. A client sends its Allocate again after 0.5 s.</summary>
    public TimeSpan OpenRelayDeadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long edges may take to tell a credential; then the client is answered as if they did not know it. One segment of the
    /// question may be lost, which costs its stream a second (RFC 6298 §2), and a client sends its Allocate again meanwhile.</summary>
    public TimeSpan FindCredentialDeadline { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Edges are asked so often in a second by one worker; what comes beyond is dropped, and comes again.</summary>
    public int QuestionsPerSecond { get; init; } = 1000;

    /// <summary>The addresses of NAT behaviour discovery (RFC 5780); null where it is off.</summary>
    public BehaviourDiscovery? Discovery { get; init; }

    /// <summary>Listening addresses that other servers have as well.</summary>
    public ImmutableArray<AnycastListener> Anycast { get; init; } = [];

    /// <summary>Where clients go while this server drains, and when <see cref="Redirection"/> says so; taken in turn.</summary>
    public ImmutableArray<Alternate> Alternates { get; init; } = [];

    /// <summary>When clients are sent to <see cref="Alternates"/>.</summary>
    public Redirection Redirection { get; init; }

    /// <summary>These settings as a server that was made with <paramref name="started"/> can take them over: what it was made
    /// with stays.</summary>
    public TurnSettings KeepingFixed(TurnSettings started) => this with
    {
        Realm = started.Realm,
        Relays = started.Relays,
        RelayPorts = started.RelayPorts,
        OwnListeners = started.OwnListeners,
        OwnAddresses = started.OwnAddresses,
        Software = started.Software,
        CanForbidFragments = started.CanForbidFragments,
        Mobility = started.Mobility,
        TcpRelay = started.TcpRelay,
        Workers = started.Workers,
        NonceLifetime = started.NonceLifetime,
        Discovery = started.Discovery,
    };

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        // RFC 8489 §14.9 allows 127 characters; counting bytes keeps the largest answer within the 548 of the head.
        if (!OpaqueString.TryEnforce(Realm, out var realm) || Encoding.UTF8.GetByteCount(realm) > 127)
            yield return "The realm must have 1 to 127 bytes and no characters that RFC 8265 §4.2 refuses.";
        if (Encoding.UTF8.GetByteCount(Software) > 32) yield return "The software name must have at most 32 bytes.";
        if (Relays.IsDefaultOrEmpty) yield return "At least one relay address is needed.";
        else if (Relays.Any(r => r.Local.Family == IPFamily.None || r.Local.Family != r.Public.Family))
            yield return "A relay address and its public address must be of one family.";
        else if (Relays.DistinctBy(r => r.Local.ToIPAddress()).Count() < Relays.Length)
            yield return "A relay address is given twice.";
        else if (Relays.SelectMany(r => r.Names()).CountBy(name => name.ToIPAddress()).Any(name => name.Value > 1))
            yield return "An outer address belongs to one relay address alone, and is none itself.";
        if (RelayPorts.First == 0 || RelayPorts.Last < RelayPorts.First)
            yield return "The relay ports must be a range like 49152-65535.";
        if (DefaultLifetime < TimeSpan.FromSeconds(1)) yield return "The default lifetime must be at least one second.";
        if (MaxLifetime < DefaultLifetime) yield return "The longest lifetime must not be below the default lifetime.";
        if (UserQuota < 1 || StaticUserQuota < 1 || AddressQuota < 1 || TotalQuota < 1) yield return "A quota must be at least 1.";
        if (MaxPermissions < 1 || MaxChannels < 1) yield return "An allocation needs room for one permission and one channel.";
        if (MaxConnections < 1 || MaxPendingConnections < 1 || MaxWorkerConnections < 1)
            yield return "TCP relaying needs room for one connection.";
        if (MaxAllocations is < 1 or > RelayId.MaxSlots) yield return $"A worker can have 1 to {RelayId.MaxSlots} allocations.";
        if (NonceLifetime < TimeSpan.FromSeconds(1)) yield return "A nonce must be good for at least one second.";
        // A ticket is good for a turn of the keys and more; each Refresh brings a fresh one.
        if (Mobility && MaxLifetime > NonceLifetime)
            yield return "With mobility no allocation may live longer than a nonce without being refreshed.";
        if (OpenRelayDeadline <= TimeSpan.Zero) yield return "The deadline for opening a relay must be above zero.";
        if (FindCredentialDeadline <= TimeSpan.Zero) yield return "The deadline for asking edges must be above zero.";
        if (MaxKbps < 1 || MaxPps < 1) yield return "A limit of bandwidth must be at least 1.";
        foreach (var mistake in Unauthenticated.Mistakes()) yield return mistake;
        foreach (var mistake in Anycast.SelectMany(listener => listener.Mistakes())) yield return mistake;
        foreach (var mistake in Discovery?.Mistakes() ?? []) yield return mistake;
        if (Redirection == Redirection.Always && Alternates.IsEmpty)
            yield return "To send every client elsewhere, an alternate server is needed.";
        foreach (var mistake in Alternates.SelectMany(alternate => alternate.Mistakes())) yield return mistake;
        if (QuestionsPerSecond < 1) yield return "Edges must be asked at least once a second.";
    }

    /// <exception cref="ArgumentException">Something is wrong; the message says all of it.</exception>
    public TurnSettings Validated() =>
        Mistakes().ToArray() is { Length: > 0 } mistakes ? throw new ArgumentException(string.Join(' ', mistakes)) : this;
}
