using System.Net;
using System.Text.RegularExpressions;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Targets;

/// <summary>The turnserver of Debian's package coturn, with everything on that it has.</summary>
sealed partial class Coturn : IDisposable
{
    const string Realm = "example.org";
    const int QuotaOfEach = 4;

    static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("coturn-");
    readonly List<ServerProcess> _servers = [];
    readonly TokenKey _key = new("key-1", [.. Enumerable.Range(7, 32).Select(i => (byte)i)], "turn.example.org");

    public Coturn()
    {
        var (certificate, key) = SelfSigned.Write(_files.FullName);
        TokenKeyStore.Write(Path.Combine(_files.FullName, "main.db"), _key, Realm);
        var port = ServerProcess.FreePorts(2);
        Start("main", port, "-E", "127.0.0.1", "-E", "::1", $"--tls-listening-port={port + 1}", $"--cert={certificate}", $"--pkey={key}",
            "--mobility", "--oauth", $"--server-name={_key.ServerName}");
        var ports = ServerProcess.FreePorts(4);
        var smallPort = ServerProcess.FreePorts();
        Start("small", smallPort, "-E", "127.0.0.1", $"--min-port={ports}", $"--max-port={ports + 3}", "--no-tls", "--no-dtls");
        var quotaPort = ServerProcess.FreePorts();
        Start("quota", quotaPort, "-E", "127.0.0.1", $"--user-quota={QuotaOfEach}", "--no-tls", "--no-dtls");
        var portOfIPv6 = ServerProcess.FreePorts();
        Start("six", portOfIPv6, "-E", "::1", "--no-tls", "--no-dtls");
        var ofIPv6 = Loopback(Transport.Udp, portOfIPv6);
        var main = Loopback(Transport.Udp, port);
        var quota = Loopback(Transport.Udp, quotaPort);
        var small = Loopback(Transport.Udp, smallPort);
        AwaitBinding(main);
        AwaitBinding(small);
        AwaitBinding(quota);
        AwaitBinding(ofIPv6);
        Target = new()
        {
            Name = $"coturn {Version().Match(_servers[0].Output).Groups[1].Value}",
            Endpoints =
            [
                main, Loopback(Transport.Tcp, port), Loopback(Transport.Tls, port + 1), Loopback(Transport.Dtls, port + 1),
            ],
            User = new("alice", "wonderland"),
            SecondUser = new("bob", "builder"),
            Quota = new(new("carol", "three"), QuotaOfEach, quota),
            Realm = Realm,
            Peers = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")],
            DeniedPeer = IPAddress.Parse("10.0.0.1"),
            TokenKey = _key,
            FewPorts = small,
            Ipv4Only = small,
            Ipv6Only = ofIPv6,
            Ipv6Client = new(Transport.Udp, new(IPAddress.IPv6Loopback, port)),
            Offers = Needs.Ipv6Relay | Needs.Software | Needs.Mobility | Needs.TcpRelay,
        };
    }

    public Target Target { get; }

    public void Dispose()
    {
        foreach (var server in _servers) server.Dispose();
        _files.Delete(recursive: true);
    }

    void Start(string name, int port, params string[] more) => _servers.Add(new("turnserver",
    [
        "-n", "-p", $"{port}", "-L", "127.0.0.1", "-L", "::1", "--lt-cred-mech", $"--realm={Realm}", "--user=alice:wonderland",
        "--user=bob:builder", "--user=carol:three", "--allow-loopback-peers", "--denied-peer-ip=10.0.0.0-10.255.255.255",
        "--no-cli", "--log-file=stdout", $"--pidfile={_files.FullName}/{name}.pid", $"--userdb={_files.FullName}/{name}.db", .. more,
    ]));

    static Endpoint Loopback(Transport transport, int port) => new(transport, new(IPAddress.Loopback, port));

    /// <summary>It does not say when it listens.</summary>
    void AwaitBinding(Endpoint at)
    {
        using var client = new TurnClient(at.Open(ReadyWithin), new("", ""), ReadyWithin);
        if (client.Ask(new(Method.Binding)) is null)
            throw new InvalidOperationException($"turnserver does not answer. {_servers[0].Output} {_servers[^1].Output}");
    }

    [GeneratedRegex(@"Version Coturn-(\d+(\.\d+)+)")]
    private static partial Regex Version();
}
