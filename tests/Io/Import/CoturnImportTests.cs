using System.Net;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Server.Import;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Tests.Io.Import;

/// <summary>The rules of <c>portunus import</c>, without a process.</summary>
public sealed class CoturnImportTests
{
    // Of the option tables of 4.6 to 4.17, those for turnadmin aside.
    const string Options = """
        CA-file Verbose acme-redirect allocation-default-address-family allow-loopback-peers allowed-peer-ip alt-listening-port
        alt-tls-listening-port alternate-server aux-server bps-capacity cert channel-lifetime check-origin-consistency cipher-list cli
        cli-ip cli-max-output-sessions cli-password cli-port cpus daemon db denied-peer-ip dh-file dh1066 dh566 drain-min-allocations
        drop-invalid-packets drop-invalid-packets-log dtls ec-curve-name external-ip fingerprint include-reason-string keep-address-family
        listening-device listening-ip listening-port log-binding log-file log-min-level lt-cred-mech max-allocate-lifetime
        max-allocate-timeout max-bps max-port min-port mobility mongo-userdb multiplex-peer multiplex-peer-max-peers multiplex-peer-port
        mysql-userdb ne new-log-timestamp new-log-timestamp-format no-auth no-auth-pings no-cli no-dtls no-dynamic-ip-list
        no-dynamic-realms no-multicast-peers no-rfc5780 no-software-attribute no-stdout-log no-stun no-stun-backward-compatibility no-tcp
        no-tcp-relay no-tls no-tlsv1 no-tlsv1_1 no-tlsv1_2 no-udp no-udp-relay oauth permission-lifetime pidfile pkey pkey-pwd proc-group
        proc-user prometheus prometheus-address prometheus-cert prometheus-key prometheus-path prometheus-port prometheus-tls
        prometheus-username-labels psql-userdb raw-public-keys realm redis-statsdb redis-userdb relay-device relay-ip relay-threads
        respond-http-unsupported response-origin-only-with-rfc5780 rest-api-separator rfc3489-compatibility rfc5766-channel-numbers rfc5780
        secret-key-file secure-stun server-name server-relay simple-log sock-buf-size software-attribute sql-userdb stale-nonce
        stateless-nonce stateless-nonce-secret static-auth-secret stun-backward-compatibility stun-only syslog syslog-facility
        tcp-alternate-server tcp-proxy-port tls-alternate-server tls-listening-port tlsv1 total-quota udp-alternate-server udp-gso
        udp-recvmmsg udp-recvmmsg-log udp-self-balance udp-sendmmsg-log unauthorized-ratelimit unauthorized-ratelimit-rps use-auth-secret
        user user-quota userdb verbose version web-admin web-admin-ip web-admin-listen-on-workers web-admin-port
        """;

    [Fact]
    public void Every_option_of_coturn_has_its_say_whatever_its_value()
    {
        var names = Options.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var value in new[] { "", "1", "0", "no", "garbage", "192.0.2.1", "a:b" })
        {
            var lines = names.Select((name, i) => new CoturnLine(i + 1, name, value)).ToArray();
            var report = new CoturnReport("f");
            var own = IPAddress.Parse("192.0.2.9");
            using var json = JsonDocument.Parse(new CoturnImport(lines, report, new(null, false), [own]).Run("a.example"));
            var said = report.Lines().ToArray();
            Assert.DoesNotContain(said, line => line.Contains("no option of coturn", StringComparison.Ordinal));
            Assert.All(names.Index(), name =>
            {
                var count = said.Count(line => line.Contains($" f:{name.Index + 1}: ", StringComparison.Ordinal));
                Assert.True(value.Length == 0 || count == 1, $"{name.Item} {value}: {count}");
            });
        }
    }

    [Fact]
    public void No_option_is_judged_in_two_places() =>
        Assert.Empty(CoturnOptions.Names.Intersect(CoturnImport.Converted));

    [Fact]
    public void Whatever_was_denied_there_is_denied_here_and_only_what_was_allowed_by_name_opens_what_is_refused_by_default()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var random = new SeededRandom(seed);
            var rules = Enumerable.Range(0, 6).Select(_ => (IsAllowed: random.Next(2) == 0, Span: Draw(random))).ToArray();
            var lines = rules.Select((rule, i) => new CoturnLine(
                i + 1, rule.IsAllowed ? "allowed-peer-ip" : "denied-peer-ip", $"{IP(rule.Span.First)}-{IP(rule.Span.Last)}")).ToArray();
            var text = new CoturnImport(lines, new("f"), new(null, false), [IPAddress.Loopback]).Run("a.example");
            using var json = JsonDocument.Parse(text);
            var settings = new TurnSettings
            {
                Realm = "a",
                Relays = [new(TransportAddress.IPv4(0xC6290004, 0))],
                AllowPeers = [.. Ranges(json, "allowPeers")],
                DenyPeers = [.. Ranges(json, "denyPeers")],
            };
            var policy = new PeerPolicy(settings, new(settings));
            var fresh = new PeerPolicy(settings with { AllowPeers = [], DenyPeers = [] }, new(settings));
            var edges = rules.SelectMany(rule => new[] { rule.Span.First - 1, rule.Span.First, rule.Span.Last, rule.Span.Last + 1 });
            foreach (var edge in edges.Concat(Enumerable.Range(0, 200).Select(_ => (uint)random.NextUInt64())))
            {
                var peer = TransportAddress.IPv4(edge, 9);
                var allowed = rules.Any(rule => rule.IsAllowed && edge >= rule.Span.First && edge <= rule.Span.Last);
                var denied = !allowed && rules.Any(rule => !rule.IsAllowed && edge >= rule.Span.First && edge <= rule.Span.Last);
                var isNever = PeerPolicy.Unallowable.Any(range => range.Contains(peer));
                var expected = !denied && !isNever && (allowed || fresh.AllowsAddress(peer));
                Assert.True(policy.AllowsAddress(peer) == expected, $"seed {seed}: {peer}\n{text}");
            }
        }
    }

    static (uint First, uint Last) Draw(SeededRandom random)
    {
        // Around what is refused by default, and anywhere.
        uint[] near = [0x0A000000, 0xC0A80000, 0x7F000000, 0xE0000000, 0xC6336400, (uint)random.NextUInt64()];
        var first = near[random.Next(near.Length)] + (uint)random.Next(1 << 20) + 1;
        return (first, (uint)Math.Min(uint.MaxValue - 1, first + (ulong)random.Next(1 << (1 + random.Next(26)))));
    }

    static IPAddress IP(uint address) => TransportAddress.IPv4(address, 0).ToIPAddress();

    static IEnumerable<AddressRange> Ranges(JsonDocument json, string name) =>
        json.RootElement.GetProperty("turn").TryGetProperty(name, out var list)
            ? list.EnumerateArray().Select(one => AddressRange.Parse(one.GetString()!)) : [];
}
