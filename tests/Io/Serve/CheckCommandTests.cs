using System.Text.Json;
using Portunus.Server.Configuration;
using Portunus.Tests.Io.Architecture;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Serve;

public sealed class CheckCommandTests
{
    [Fact]
    public void The_committed_example_is_right_and_its_roles_are_told()
    {
        using var folder = new ConfigurationFolder();
        var example = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "portunus.json"));
        var (code, output, errors) = PortunusProcess.Run(["check", folder.Write("portunus.json", example)]);
        Assert.Equal((0, ""), (code, errors));
        foreach (var role in new[] { "turn ", "epcscf ", "core ", "admin " })
            Assert.Contains($"\n  {role}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_committed_schema_is_the_one_that_this_version_reads_by_and_describes_every_setting()
    {
        var committed = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "portunus.schema.json"));
        // If it differs: portunus check --schema > deploy/portunus.schema.json
        Assert.Equal(committed.TrimEnd(), Schema.Write().TrimEnd());
        using var schema = JsonDocument.Parse(committed);
        Described(schema.RootElement, "");
    }

    [Fact]
    public void Every_mistake_is_said_with_its_line_and_column_at_once()
    {
        using var folder = new ConfigurationFolder();
        var file = folder.Write("portunus.json", """
            {
              "domain": "ims.example.net",  // a comment
              "trun": {},
              "turn": {
                "listen": ["127.0.0.1:70000", 5],
                "relayAddresses": "127.0.0.1",
                "workers": 900,
                "secrets": ["@no-such-file"],
                "realm": "x",
                "workers": 1,
              },
              "epcscf": {
                "host": "epcscf.ims.example.net",
                "web": { "http": ["127.0.0.1:0"] },
                "core": { "nextHop": "127.0.0.1", "listen": "127.0.0.1:0", "transport": "tls" },
                "origins": ["https://a.example/"],
              },
            }
            """);
        var (code, output, errors) = PortunusProcess.Run(["check", file]);
        Assert.Equal((1, ""), (code, output));
        var lines = errors.Split('\n').Where(line => line.Length > 0).Select(line => line[(file.Length + 1)..]).ToArray();
        Assert.Collection(lines,
            line => Assert.StartsWith("3:3: trun: no setting has this name; did you mean \"turn\"?", line, StringComparison.Ordinal),
            line => Assert.StartsWith("5:16: turn.listen[0]: '127.0.0.1:70000' is not", line, StringComparison.Ordinal),
            line => Assert.StartsWith("5:35: turn.listen[1]: a text is needed", line, StringComparison.Ordinal),
            line => Assert.StartsWith("6:23: turn.relayAddresses: a list is needed", line, StringComparison.Ordinal),
            line => Assert.StartsWith("7:16: turn.workers: write a whole number from 1 to 255", line, StringComparison.Ordinal),
            line => Assert.StartsWith("8:17: turn.secrets[0]: the file ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("9:5: turn.realm: no setting has this name", line, StringComparison.Ordinal),
            line => Assert.StartsWith("10:5: turn.workers: it is given twice", line, StringComparison.Ordinal),
            line => Assert.StartsWith("15:77: epcscf.core.transport: write \"udp\" or \"tcp\"", line, StringComparison.Ordinal),
            line => Assert.StartsWith("16:17: epcscf.origins[0]: 'https://a.example/' is not an origin", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "domain": "a.example" }""", "1:1: : no role has a section")]
    [InlineData("""{ "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"] } }""",
        "1:26: turn: nobody could use this server")]
    [InlineData("""
        { "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
          "quotas": { "userQuota": 0 } } }
        """, "2:28: turn.quotas.userQuota: write a whole number from 1 to")]
    [InlineData("""
        { "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
          "quotas": { "unauthenticatedBudget": 100, "maxPps": 5 } } }
        """, "2:40: turn.quotas.unauthenticatedBudget: write a whole number from 1024 to")]
    [InlineData("""
        { "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
          "connections": { "unreadBytes": 20000 } } }
        """, "turn.connections.unreadMediaBytes: Of the bytes that wait")]
    [InlineData("""
        { "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
          "proxyProtocolFrom": ["10.0.0.0/8"] } }
        """, "2:3: turn.proxyProtocolFrom: balancers come by connections")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"], "certificate": "certificate.pem",
          "listen": ["tcp:127.0.0.1:3478", "tls:127.0.0.1:3478", "tcp:127.0.0.1:3478"] } }
        """, "turn.listen[2]: 127.0.0.1:3478 is taken by turn.listen[0]")]
    [InlineData("""
        { "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
          "limits": [{ "name": "guest", "maxKbps": 0 }] } }
        """, "2:44: turn.limits[0].maxKbps: write a whole number from 1 to")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "web": { "http": ["127.0.0.1:0"] } } }
        """, "2:12: epcscf.web.http: W2 is served in plain to proxies alone")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "web": { "https": ["127.0.0.1:0"] } } }
        """, "2:12: epcscf.web.https: TLS needs \"certificate\"")]
    [InlineData("""
        { "domain": "a.example", "epcscf": { "host": "a.example",
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] } } }
        """, "1:26: epcscf: it has no core")]
    [InlineData("""{ "domain": "a.example", "core": { "listen": "127.0.0.1:5060" } }""", "core.listen: nobody is believed there")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
          "provisioning": { "approach": "baseline", "limits": { "maxAllocations": 4 } } } }
        """, "epcscf.provisioning.limits: they are for push, pull and integrated")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
          "provisioning": { "approach": "baseline", "profile": "guest" } } }
        """, "epcscf.provisioning.profile: it stands in names that a secret makes")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
          "provisioning": { "approach": "shared-secret", "secret": "@turn-secret", "profile": "A.b",
            "turnServers": [{ "uris": ["turn:192.0.2.1"] }] } } }
        """, "epcscf.provisioning.profile: 'A.b' cannot stand in a username")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
          "provisioning": { "approach": "shared-secret", "secret": "@turn-secret", "profile": "guest",
            "turnServers": [{ "uris": ["turn:127.0.0.1"] }] } },
          "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"] } }
        """, "epcscf.provisioning.profile: turn.limits has none of the name guest")]
    [InlineData("""{ "domain": "a.example", "core": {} }""", "1:26: core: nobody could reach it")]
    [InlineData("""{ "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"] } }""",
        "1:1: domain: it is missing")]
    [InlineData("""
        { "domain": "a.example", "core": { "listen": "127.0.0.1:5060", "neighbours": ["127.0.0.1"] },
          "admin": { "listen": "127.0.0.1:5060" } }
        """, "2:14: admin.listen: 127.0.0.1:5060 is taken by core.listen")]
    [InlineData("""{ "domain": "a.example", "waf": { "issuer": "https://waf.a.example/", "listen": "127.0.0.1:0", "clients": [] } }""",
        "1:26: waf: an https issuer needs \"certificate\"")]
    [InlineData("""{ "domain": "a.example", "waf": { "issuer": "http://localhost/", "listen": "127.0.0.1:0", "clients": [] } }""",
        "1:26: waf: what it keeps must outlive a restart")]
    [InlineData("""
        { "domain": "a.example", "data": "data", "waf": { "issuer": "http://localhost/", "listen": "192.0.2.1:80", "clients": [] } }
        """, "waf.listen: an http issuer is for this machine alone")]
    [InlineData("""
        { "domain": "a.example", "data": "data", "waf": { "issuer": "http://localhost/", "listen": "127.0.0.1:0",
          "clients": [{ "id": "a", "name": "A", "introspects": true }] } }
        """, "2:3: waf.clients: Client a must authenticate for that")]
    [InlineData("""
        { "domain": "a.example", "data": "data", "waf": { "issuer": "http://localhost/", "listen": "127.0.0.1:0",
          "clients": [{ "id": "a", "name": "A", "poolImpi": "pool@a.example" }] } }
        """, "2:15: waf.clients[0]: a pool has both")]
    [InlineData("""
        { "domain": "a.example", "data": "data", "wwsf": { "listen": "127.0.0.1:0", "waf": "https://waf.a.example/",
          "clientId": "site", "clientSecret": "@turn-secret", "impus": ["sip:web1@a.example"] } }
        """, "wwsf: Nobody could use the pool")]
    [InlineData("""
        { "domain": "a.example", "data": "data", "wwsf": { "listen": "127.0.0.1:0", "waf": "https://waf.a.example/",
          "clientId": "site", "clientSecret": "@turn-secret", "impus": ["sip:web1@a.example"],
          "users": [{ "name": "carol", "passwordHash": "carols password" }] } }
        """, "3:48: wwsf.users[0].passwordHash: this is no hash of a password")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example", "webCredentials": {},
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] } } }
        """, "1:71: epcscf.webCredentials: who asks by HTTP shows an access token")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "tokens": { "wafs": [{ "issuer": "https://waf.a.example/", "introspection": "https://waf.a.example/i" }] },
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] } } }
        """, "2:24: epcscf.tokens.wafs[0]: introspection needs \"clientSecret\"")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "tokens": { "wafs": [{ "issuer": "https://waf.a.example/" }], "recheckSeconds": 5 },
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] } } }
        """, "epcscf.tokens.recheckSeconds: nobody can be asked again")]
    [InlineData("""
        { "domain": "a.example", "core": {}, "epcscf": { "host": "a.example",
          "tokens": { "wafs": [{ "issuer": "https://waf.a.example/" }, { "issuer": "https://waf.a.example/" }] },
          "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] } } }
        """, "2:15: epcscf.tokens.wafs: Each WAF has an issuer of its own")]
    [InlineData("""
        { "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "serverName": "turn1.a.example",
          "tokenKeys": { "certificate": "certificate.pem", "wafs": [{ "keys": "https://waf.a.example:8444/.well-known/stun-key" }] } } }
        """, "2:18: turn.tokenKeys.certificate: it has no dNSName turn1.a.example")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:3478"], "tcpRelay": true } }
        """, "2:33: turn.tcpRelay: TCP relaying is for clients that come by connections")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:3478", "192.0.2.1:3478"] } }
        """, "2:32: turn.listen[1]: 192.0.2.1:3478 is taken by turn.listen[0]")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:3478", "0.0.0.0:3478"] } }
        """, "2:32: turn.listen[1]: 0.0.0.0:3478 is taken by turn.listen[0]")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"], "certificate": "certificate.pem",
          "listen": ["0.0.0.0:3478", "dtls:192.0.2.1:3478"] } }
        """, "2:30: turn.listen[1]: 192.0.2.1:3478 is taken by turn.listen[0]")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:5060"] }, "core": { "listen": "192.0.2.1:5060", "neighbours": ["192.0.2.2"] } }
        """, "turn.listen[0]: 192.0.2.1:5060 is taken by core.listen")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "redirect": "always" } }
        """, "turn.alternates: To send every client elsewhere")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "alternates": [{ "address": "192.0.2.1:1" }] } }
        """, "2:45: turn.alternates[0]: it is this server itself")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "alternates": [{ "address": "192.0.2.2:1", "domain": "b.example" }] } }
        """, "turn.alternates: The alternate server 192.0.2.2:1 has a domain")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "alternates": [{ "address": "192.0.2.2" }] } }
        """, "2:58: turn.alternates[0].address: '192.0.2.2' is not")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "allowPeers": ["10.0.0.0/8"], "denyPeers": ["10.0.0.0/7"] } }
        """, "2:45: turn.allowPeers[0]: 10.0.0.0/7 in denyPeers holds all of it")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "allowPeers": ["239.1.0.0/16"] } }
        """, "turn.allowPeers[0]: nothing of 239.1.0.0/16 can be a peer")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "audit": "none/audit.jsonl" } }
        """, "turn.audit: there is no folder")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "relayPorts": "600-500" } }
        """, "2:44: turn.relayPorts: '600-500' is not a range of ports")]
    [InlineData("""
        { "domain": "a.example", "turn": { "relayAddresses": ["192.0.2.1"], "secrets": ["@turn-secret"],
          "listen": ["192.0.2.1:1"], "drainSeconds": -1 } }
        """, "turn.drainSeconds: write a whole number from 0 to 86400")]
    [InlineData("{ \"turn\": [ }", "1:13: This is not JSON")]
    [InlineData("[]", "1:1: an object is needed")]
    [InlineData("", "1:1: This is not JSON")]
    public void A_contradiction_is_said_where_it_stands(string text, string sentence)
    {
        using var folder = new ConfigurationFolder();
        var file = ConfigurationFile.Read(folder.Write("portunus.json", text), _ => { });
        Assert.Null(file.Root);
        Assert.Contains(sentence, file.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Tcp_and_tls_may_have_one_port_and_so_may_udp_and_dtls()
    {
        using var folder = new ConfigurationFolder();
        var file = ConfigurationFile.Read(folder.Write("portunus.json", """
            { "domain": "a.example", "turn": { "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
              "certificate": "certificate.pem",
              "listen": ["tcp:127.0.0.1:3478", "dtls:127.0.0.1:3478", "udp:127.0.0.1:3478", "tls:127.0.0.1:3478"] } }
            """), _ => { });
        Assert.NotNull(file.Root);
    }

    [Fact]
    public void A_secret_in_the_file_itself_works_with_a_warning_and_is_never_repeated()
    {
        using var folder = new ConfigurationFolder();
        const string Text = """
            { "domain": "a.example", "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"],
              "users": [{ "name": "1234567890:x", "password": "told-to-nobody" }] } }
            """;
        var warnings = new List<string>();
        var complaint = ConfigurationFile.Read(folder.Write("portunus.json", Text), warnings.Add).Complaint;
        Assert.StartsWith("turn.users[0].password stands in the configuration itself", warnings.Single(), StringComparison.Ordinal);
        Assert.Contains("2:3: turn.users: The name '1234567890:x' has the form of a time-limited one", complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("told-to-nobody", complaint + warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_sentence_and_no_file_wrong_usage()
    {
        var (code, _, errors) = PortunusProcess.Run(["check", "/no/such/portunus.json"]);
        Assert.Equal((1, "portunus: /no/such/portunus.json cannot be read; name a readable file."), (code, errors));
        Assert.Equal(2, PortunusProcess.Run(["check"]).ExitCode);
    }

    static void Described(JsonElement section, string path)
    {
        foreach (var setting in section.GetProperty("properties").EnumerateObject())
        {
            var here = $"{path}.{setting.Name}";
            Assert.True(setting.Value.GetProperty("description").GetString() is { Length: > 10 }, here);
            var one = setting.Value.TryGetProperty("items", out var items) ? items : setting.Value;
            if (one.TryGetProperty("properties", out _)) Described(one, here);
            else if (section.TryGetProperty("required", out var required)
                && required.EnumerateArray().Any(name => name.GetString() == setting.Name)) continue;
            // Whose absence means something that no value of theirs does.
            else Assert.True(setting.Value.TryGetProperty("default", out _) || TellsOfItsAbsence(setting.Value), here);
        }
    }

    static bool TellsOfItsAbsence(JsonElement setting) => setting.GetProperty("description").GetString() is { } says
        && (says.Contains("left out", StringComparison.Ordinal) || says.Contains("needed", StringComparison.Ordinal));
}
