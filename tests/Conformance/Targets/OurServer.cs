using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Conformance.Targets;

/// <summary>This repository's TURN server as a process, with everything on that the suite can look at.</summary>
sealed class OurServer : IDisposable
{
    const string Realm = "example.org";
    const string Secret = "a secret of the suite";
    const int QuotaOfFew = 5;

    /// <summary>docs/decisions.md has it, too.</summary>
    const string ShortForStrangers = "what anybody can make the server say to anybody stays short";

    static readonly byte[] TokenKeyBytes = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];

    readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("portunus-");
    readonly ServerProcess _server;
    readonly ServerProcess _small;
    readonly ServerProcess _redirecting;
    readonly ServerProcess _ofIPv6;

    public OurServer()
    {
        string[] users =
        [
            "--realm", Realm, "--user", "alice:wonderland", "--user", "bob:builder", "--secret", Secret,
            "--limits", $"few:max-allocations={QuotaOfFew}", "--allow-peer", "127.0.0.0/8", "--allow-peer", "::1",
        ];
        var (on, offers) = WhatThisBuildHas();
        _server = Start(
            [.. on, "--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--relay-address", "127.0.0.1", "--relay-address", "::1", .. users,
                "--oauth-key", $"key-1:A256GCM:{Convert.ToBase64String(TokenKeyBytes)}", "--server-name", "turn.example.org"]);
        var ports = ServerProcess.FreePorts(4);
        _small = Start(
            ["--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--relay-ports", $"{ports}-{ports + 3}", .. users]);
        _redirecting = Start(
            ["--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--redirect", "always",
                "--alternate", "192.0.2.1:3478,[2001:db8::1]:3478", .. users]);
        _ofIPv6 = Start(["--listen", "127.0.0.1:0", "--relay-address", "::1", .. users]);
        foreach (var server in Servers) server.Await("ready");
        // Every transport that it says it listens by.
        var heard = _server.Rests("listening ").Select(Endpoint.Parse).ToArray();
        var small = First(_small);
        Target = new()
        {
            Name = "Portunus",
            Endpoints = [.. heard.Where(at => at.Address.AddressFamily == AddressFamily.InterNetwork)],
            Ipv6Client = heard.First(at => at.Address.AddressFamily == AddressFamily.InterNetworkV6),
            User = new("alice", "wonderland"),
            SecondUser = new("bob", "builder"),
            Quota = new(Limited(), QuotaOfFew),
            Realm = Realm,
            // Not the relay address: there, only ports of live allocations may be peers.
            Peers = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")],
            DeniedPeer = IPAddress.Parse("10.0.0.1"),
            TokenKey = new("key-1", TokenKeyBytes, "turn.example.org"),
            FewPorts = small,
            Ipv4Only = small,
            Ipv6Only = First(_ofIPv6),
            Redirect = First(_redirecting),
            Offers = Needs.Ipv6Relay | Needs.Software | Needs.Dual | offers,
            Declines = new Dictionary<string, string>
            {
                ["Messages.An_error_to_a_stranger_has_a_reason_phrase"] = ShortForStrangers,
                ["Messages.Responses_to_strangers_have_SOFTWARE"] = ShortForStrangers,
                ["TlsSessions.DHE_with_RSA_and_AES_128_in_GCM_is_served"] =
                    "BCP 195 of today (RFC 9325 §4.1) is against it, and RFC 8656 §3.1 follows BCP 195: the exception of the sentence",
                ["Messages.Software_has_a_version"] = "a version says which mistakes are worth a try",
            },
        };
    }

    public Target Target { get; }

    IEnumerable<ServerProcess> Servers => [_server, _small, _redirecting, _ofIPv6];

    public void Dispose()
    {
        foreach (var server in Servers) server.Dispose();
        _files.Delete(recursive: true);
    }

    /// <summary>A time-limited name of the limits "few", until the year 2286.</summary>
    static User Limited()
    {
        const string name = "9999999999:0123456789ab.few";
        return new(name, Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(name))));
    }

    /// <summary>Transports and extensions that its help names: whoever builds one has the checks of it at once.</summary>
    (string[] Flags, Needs Offers) WhatThisBuildHas()
    {
        var help = ServerProcess.Run("dotnet", Program, "turn", "--help");
        bool Names(string words) => help.Contains(words, StringComparison.Ordinal);
        var (certificate, key) = SelfSigned.Write(_files.FullName);
        List<string> flags = [];
        foreach (var transport in new[] { "tcp", "tls", "dtls" }.Where(transport => Names($"|{transport}:")))
            flags.AddRange(["--listen", $"{transport}:127.0.0.1:0"]);
        if (Names("--certificate-key")) flags.AddRange(["--certificate", certificate, "--certificate-key", key]);
        var (isMobile, hasStreams) = (Names("--mobility"), Names("|tcp:"));
        if (isMobile) flags.Add("--mobility");
        if (Names("--tcp-relay")) flags.Add("--tcp-relay");
        // ICMP errors are told by the data path that has streams, too, under the rules that have mobility.
        return ([.. flags], (isMobile ? Needs.Mobility : 0) | (isMobile && hasStreams ? Needs.Icmp : 0)
            | (Names("--tcp-relay") ? Needs.TcpRelay : 0));
    }

    static Endpoint First(ServerProcess server) => Endpoint.Parse(server.Rests("listening ")[0]);

    static ServerProcess Start(IEnumerable<string> arguments) => new("dotnet", [Program, "turn", .. arguments]);

    /// <summary>Built beside this suite, in the same configuration.</summary>
    static string Program => Path.Combine(
        Repository.Root, "src", "Server", "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!,
        "net10.0", "portunus.dll");
}
