using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>What the roles that relay have in common: where clients are heard, where relays are opened, and who may be a peer.</summary>
abstract record RelaySection
{
    [Says("Where TURN clients are heard, by udp: unless tcp:, tls: or dtls: stands before; port 0 takes a free one."),
     Form(nameof(Forms.TurnListener), "192.0.2.1:3478")]
    public required IReadOnlyList<TurnListener> Listen { get; init; }

    [Says("PEM file with the certificate and those that lead to its authority, needed by tls: and dtls:; read again upon SIGHUP."),
     Form(nameof(Forms.File), "turn.pem")]
    public string? Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."), Form(nameof(Forms.File), "turn-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("Addresses of this machine that peers reach, one for each family; behind a NAT IP=PUBLIC, with what peers know it by."),
     Form(nameof(Forms.RelayAddress), "192.0.2.1")]
    public required IReadOnlyList<RelayAddress> RelayAddresses { get; init; }

    [Says("Ports for relays."), Form(nameof(Forms.Ports), "49152-65535")]
    public PortRange RelayPorts { get; init; } = PortRange.Dynamic;

    [Says("Ranges taken out of the special-purpose ones, which are refused as peers."), Form(nameof(Forms.Range), "10.0.0.0/8"), Live]
    public IReadOnlyList<AddressRange> AllowPeers { get; init; } = [];

    [Says("Ranges refused as peers, whatever is allowed."), Form(nameof(Forms.Range), "192.0.2.0/24"), Live]
    public IReadOnlyList<AddressRange> DenyPeers { get; init; } = [];

    [Says("Whether clients that ask for it keep their allocation when their address changes (RFC 8016).")]
    public bool Mobility { get; init; }

    [Says("Whether clients that come by connections may have TCP between their relayed addresses and peers (RFC 6062).")]
    public bool TcpRelay { get; init; }

    [Says("Threads, each with its own sockets; more than one only on Linux."), Between(1, 255)]
    public int Workers { get; init; } = 1;

    [Says("How much anybody may have."), Live]
    public QuotasSection Quotas { get; init; } = new();

    [Says("What connections may cost."), Live]
    public ConnectionsSection Connections { get; init; } = new();

    [Says("Balancers: connections to tcp: and tls: from there must begin with a header of the PROXY protocol (version 1 or 2), and are " +
          "whose it says."), Form(nameof(Forms.Range), "10.0.0.0/8"), Live]
    public IReadOnlyList<AddressRange> ProxyProtocolFrom { get; init; } = [];

    [Says("A second address of this machine and a second port, for NAT behaviour discovery (RFC 5780) together with the first of " +
          "\"listen\": clients are heard at both addresses with both ports. Off when left out."),
     Form(nameof(Forms.Alternate), "192.0.2.2:3479")]
    public TransportAddress? Discovery { get; init; }

    [Says("Listening addresses that other servers have as well."), Live]
    public IReadOnlyList<AnycastSection> Anycast { get; init; } = [];

    [Says("What the sockets stand on: epoll and batches where Linux has them (auto), or .NET's own sockets."),
     OneOf(TurnFlags.AutoPath, TurnFlags.PortablePath, TurnFlags.LinuxPath)]
    public string Datapath { get; init; } = TurnFlags.AutoPath;

    [Says("Other servers to which clients go while this one drains, and when \"redirect\" says so (RFC 8489 §10); taken in turn."), Live]
    public IReadOnlyList<AlternateSection> Alternates { get; init; } = [];

    [Says("When clients that want an allocation are sent to \"alternates\": while this server drains; also when it is full; or always, " +
          "to balance over them."), OneOf("drain", "full", "always"), Live]
    public string Redirect { get; init; } = "drain";

    [Says("How long SIGTERM lets allocations live on while new ones are turned away, in seconds; 0 ends them at once."), Between(0, 86400)]
    public int DrainSeconds { get; init; }

    [Says("A file to which the beginning and end of each allocation are written, a line of JSON each; begun anew upon SIGHUP when it was " +
          "renamed. When left out, they are lines of the log."), Form(nameof(Forms.NewFile), "/var/log/portunus/audit.jsonl")]
    public string? Audit { get; init; }

    public TurnSettings ToRules(string realm) => Quotas.Apply(new()
    {
        Realm = realm,
        Relays = [.. RelayAddresses],
        RelayPorts = RelayPorts,
        AllowPeers = [.. AllowPeers],
        DenyPeers = [.. DenyPeers],
        Discovery = Discovery is { } second && FirstUdp is { } first ? new(first, second) : null,
        Anycast = [.. Anycast.Select(one => one.ToListener())],
        Alternates = [.. Alternates.Select(alternate => alternate.ToAlternate())],
        Redirection = Redirect switch { "full" => Redirection.Full, "always" => Redirection.Always, _ => Redirection.Draining },
        Mobility = Mobility,
        TcpRelay = TcpRelay,
    });

    TransportAddress? FirstUdp => Listen.Where(listener => listener.Transport == ClientTransport.Udp)
        .Select(listener => (TransportAddress?)listener.Address).FirstOrDefault();

    /// <param name="realm">Of the server.</param>
    /// <param name="role">The section's name in the file, for the sentence about a taken port.</param>
    internal TurnNodeSettings ToNode(string realm, string role) => new()
    {
        Listen = [.. Listen],
        Workers = Workers,
        DataPath = TurnFlags.ReadDataPath(Datapath),
        Certificate = Certificate is { } file ? new(file, CertificateKey ?? file) : null,
        Streams = Connections.ToLimits(),
        ProxyProtocolFrom = [.. ProxyProtocolFrom],
        Rules = ToRules(realm),
        AuditFile = Audit,
        DrainPatience = TimeSpan.FromSeconds(DrainSeconds),
        ListenFlag = $"{role}.listen",
    };
}
