using System.Net;
using Portunus.Bedrock;
using Portunus.Nodes.Serve;
using Portunus.Sip;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>core</c>.</summary>
[Says("The small home core.")]
sealed record CoreSection
{
    [Says("Where edges of other processes reach it, UDP and TCP; when left out, only the edge of this process does."),
     Form(nameof(Forms.EndPoint), "192.0.2.2:5060")]
    public IPEndPoint? Listen { get; init; }

    [Says("Its own host in Service-Route, Record-Route and Via; when left out, the address of listen."),
     Form(nameof(Forms.Host), "scscf.ims.example.net")]
    public HostPort? Host { get; init; }

    [Says("What carries a request whose Route does not say; above 1300 bytes it is TCP."), OneOf("udp", "tcp")]
    public string Transport { get; init; } = "udp";

    [Says("The edges: who is believed and sent to."), Form(nameof(Forms.Range), "192.0.2.1")]
    public IReadOnlyList<AddressRange> Neighbours { get; init; } = [];

    [Says("Of the edges, those that are believed when they say that they have signed a user in; when left out, all are."),
     Form(nameof(Forms.Range), "192.0.2.1")]
    public IReadOnlyList<AddressRange>? TrustedNodes { get; init; }

    [Says("Subscribers written into the data folder at start, in the place of those with the same names.")]
    public IReadOnlyList<SubscriberSection> Subscribers { get; init; } = [];

    public CoreRole ToRole(string domain, string folder) => new()
    {
        Cscf = new()
        {
            HomeDomain = domain,
            Host = (Host ?? (Listen is { } at ? new(HostOf(at.Address)) : new($"scscf.{domain}"))).ToString(),
            NonceKey = Bytes.Empty,
            Transport = Listen is not null && Transport == "udp" ? "UDP" : "TCP",
        },
        Mw = Listen is null ? null : new()
        {
            Listen = Listen,
            PrefersTcp = Transport == "tcp",
            Neighbours = [.. Neighbours],
            TrustedNodes = TrustedNodes is null ? null : [.. TrustedNodes],
            ListenName = "core.listen",
        },
        DataFolder = folder,
        Subscribers = [.. Subscribers.Select(subscriber => subscriber.ToRecord(domain))],
    };

    static string HostOf(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
