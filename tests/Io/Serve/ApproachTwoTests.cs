using Portunus.Nodes.Tls;
using Portunus.Sip;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Io.Serve;

/// <summary>The three ways of Approach 2 and the revocation feed, each by its configuration, in processes of their own.</summary>
public sealed class ApproachTwoTests : IDisposable
{
    readonly ConfigurationFolder _folder = new();
    readonly Authority _authority = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task A_credential_is_pushed_between_processes_and_its_relay_ends_with_the_registration()
    {
        using var turnProcess = Serve("turn.json", $$"""
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"],
                "credentials": { "listen": "127.0.0.1:0", {{Files(_authority.Server())}},
                  "edges": [{ "name": "epcscf.ims.example.net" }] } } }
            """);
        var turn = Bedrock.TransportAddress.TryParse(turnProcess.At("turn"), out var address) ? address : default;
        using var edge = Serve("edge.json", $$"""
            { "domain": "ims.example.net",
              "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
              "epcscf": { "host": "epcscf.ims.example.net", "shards": 2,
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "provisioning": { "approach": "push", "limits": { "maxAllocations": 1 },
                  "transfer": { {{Files(_authority.Client("epcscf.ims.example.net"))}} },
                  "turnServers": [{ "uris": ["turn:{{turn}}"], "credentials": "https://{{turnProcess.At("credentials")}}/" }] } } }
            """);
        await using var wic = await SipClient.ConnectAsync(new($"ws://{edge.At("http")}/w2"), "alice", ConfigurationFolder.Domain);
        var credential = await CredentialAsync(wic);
        using var client = new RawClient(turn, credential.Parameters["username"]!, credential.Parameters["credential"]!);
        Assert.Null(client.Allocate().Error);
        using (var second = new RawClient(turn, credential.Parameters["username"]!, credential.Parameters["credential"]!))
            Assert.Equal(ErrorCode.AllocationQuotaReached, second.Allocate().Error);

        // The secrets of a pushed server are read again without forgetting what was pushed.
        turnProcess.Tell(1);
        await turnProcess.SaysAsync("was read again");
        Assert.Null(client.Refresh(600).Error);

        Assert.Equal(200, (await wic.RegisterAsync(ConfigurationFolder.Password, expires: 0)).Status);
        await Eventually.TrueAsync(() => client.Refresh(600).Error is not null);
        using var again = new RawClient(turn, credential.Parameters["username"]!, credential.Parameters["credential"]!);
        Assert.Equal(ErrorCode.Unauthenticated, again.Allocate().Error);
        Assert.Equal(0, turnProcess.Terminate());
    }

    [Fact]
    public async Task A_credential_is_asked_for_between_processes_and_its_relay_ends_with_the_registration()
    {
        // Two processes that name each other cannot both be given their ports by the system at start.
        var asked = AllRoles.FreePort();
        using var turnProcess = Serve("turn.json", $$"""
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"],
                "credentials": { "listen": "127.0.0.1:0", {{Files(_authority.Node("turn1.ims.example.net"))}},
                  "edges": [{ "name": "localhost" }], "ask": ["https://localhost:{{asked}}/"] } } }
            """);
        var port = turnProcess.At("credentials").Split(':')[^1];
        using var edge = Serve("edge.json", Edge(
            "pull", _authority.Node("epcscf.ims.example.net"), turnProcess.At("turn"), $"https://localhost:{port}/",
            $", \"listen\": \"127.0.0.1:{asked}\""));
        Assert.Equal($"127.0.0.1:{asked}", edge.At("fetch"));
        await RelaysUntilDeregisteredAsync(edge, turnProcess.At("turn"));
        Assert.Equal(0, turnProcess.Terminate());
    }

    [Fact]
    public async Task A_media_gateway_node_in_a_process_of_its_own_relays_and_ends_the_relay_with_the_registration()
    {
        using var agw = Serve("agw.json", $$"""
            { "domain": "ims.example.net",
              "agw": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"],
                "control": { "listen": "127.0.0.1:0", {{Files(_authority.Server())}},
                  "edges": [{ "name": "epcscf.ims.example.net" }] } } }
            """);
        using var edge = Serve("edge.json", Edge(
            "integrated", _authority.Client("epcscf.ims.example.net"), agw.At("agw"), $"ngs://{agw.At("control")}/"));
        await RelaysUntilDeregisteredAsync(edge, agw.At("agw"));
        Assert.Equal(0, agw.Terminate());
    }

    [Fact]
    public void Nothing_on_which_a_process_of_several_roles_listens_is_a_peer_of_its_TURN_server()
    {
        using var both = Serve("both.json", $$"""
            { "domain": "ims.example.net",
              "admin": { "listen": "127.0.0.1:0" },
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "allowPeers": ["127.0.0.0/8"],
                "users": [{ "name": "alice", "password": "@alice-password" }],
                "credentials": { "listen": "127.0.0.1:0", {{Files(_authority.Server())}},
                  "edges": [{ "name": "epcscf.ims.example.net" }] } },
              "agw": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"],
                "control": { "listen": "127.0.0.1:0", {{Files(_authority.Server())}},
                  "edges": [{ "name": "epcscf.ims.example.net" }] } } }
            """);
        using var client = new RawClient(At("turn"), "alice", ConfigurationFolder.Password);
        var own = client.Allocate();
        Assert.Null(own.Error);
        // The gateway's own listener and its control connection begin after the TURN server.
        foreach (var role in new[] { "turn", "agw", "control", "credentials", "admin" })
            Assert.Equal((role, ErrorCode.Forbidden), (role, client.BindChannel(0x4000, At(role)).Error));
        Assert.Null(client.BindChannel(0x4000, own.Relayed).Error);
        Assert.Equal(0, both.Terminate());

        Bedrock.TransportAddress At(string role) =>
            Bedrock.TransportAddress.TryParse(both.At(role), out var address) ? address : throw new FormatException(role);
    }

    [Fact]
    public async Task With_the_revocation_feed_a_credential_of_Approach_1_ends_with_its_registration_too()
    {
        using var turnProcess = Serve("turn.json", $$"""
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
                "credentials": { "listen": "127.0.0.1:0", {{Files(_authority.Server())}}, "revocations": true,
                  "edges": [{ "name": "epcscf.ims.example.net" }] } } }
            """);
        using var edge = Serve("edge.json", WithFeed(Edge(
            "shared-secret", _authority.Client("epcscf.ims.example.net"), turnProcess.At("turn"),
            $"https://{turnProcess.At("credentials")}/")));
        await RelaysUntilDeregisteredAsync(edge, turnProcess.At("turn"));
        Assert.Equal(0, turnProcess.Terminate());
    }

    [Theory]
    [InlineData("push", "https://localhost:8446/", "epcscf.provisioning.revocations: it is for shared-secret and combined")]
    [InlineData("shared-secret", "ngs://localhost:2224/", "it must be told; write \"credentials\": \"https://")]
    public void A_revocation_feed_that_cannot_be_is_said_by_check(string way, string credentials, string sentence)
    {
        var text = WithFeed(Edge(way, _authority.Client("epcscf.ims.example.net"), "127.0.0.1:3478", credentials));
        var (code, _, errors) = PortunusProcess.Run(["check", _folder.Write("edge.json", text)]);
        Assert.Equal(1, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pull", "https://localhost:8446/", "", "epcscf.provisioning.transfer: TURN servers must reach it")]
    [InlineData("push", "https://localhost:8446/", ", \"listen\": \"127.0.0.1:8447\"", "transfer.listen: nobody asks there")]
    [InlineData("integrated", "https://localhost:8446/", "", "it must be told; write \"credentials\": \"ngs://")]
    [InlineData("push", "ngs://localhost:2224/", "", "it must be told; write \"credentials\": \"https://")]
    [InlineData("push", "ngs://localhost/", "", "is no https or ngs URI of a host alone")]
    [InlineData("pull", "https://127.0.0.1:8446/", ", \"listen\": \"127.0.0.1:8447\"", "is no dNSName of a certificate")]
    public void Settings_that_do_not_fit_the_way_are_said_by_check(string way, string credentials, string listen, string sentence)
    {
        var text = Edge(way, _authority.Node("epcscf.ims.example.net"), "127.0.0.1:3478", credentials, listen);
        var (code, _, errors) = PortunusProcess.Run(["check", _folder.Write("edge.json", text)]);
        Assert.Equal(1, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edge_that_is_asked_and_may_not_withdraw_is_said_by_check()
    {
        var text = $$"""
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"],
                "credentials": { "listen": "127.0.0.1:0", {{Files(_authority.Node())}},
                  "edges": [{ "name": "one.example.net" }], "ask": ["https://two.example.net:8447/"] } } }
            """;
        var (code, _, errors) = PortunusProcess.Run(["check", _folder.Write("turn.json", text)]);
        Assert.Equal(1, code);
        Assert.Contains("turn.credentials.ask[0]: two.example.net is none of the edges", errors, StringComparison.Ordinal);
    }

    static async Task RelaysUntilDeregisteredAsync(PortunusProcess edge, string turn)
    {
        Assert.True(Bedrock.TransportAddress.TryParse(turn, out var address));
        await using var wic = await SipClient.ConnectAsync(new($"ws://{edge.At("http")}/w2"), "alice", ConfigurationFolder.Domain);
        var credential = await CredentialAsync(wic);
        using var client = new RawClient(address, credential.Parameters["username"]!, credential.Parameters["credential"]!);
        // Pull: on a loaded machine the edge may be asked in vain for a second; a client that comes again is asked for again.
        await Eventually.TrueAsync(() => client.Allocate().Error is null);
        Assert.Null(client.Refresh(600).Error);
        Assert.Equal(200, (await wic.RegisterAsync(ConfigurationFolder.Password, expires: 0)).Status);
        await Eventually.TrueAsync(() => client.Refresh(600).Error is not null);
        using var again = new RawClient(address, credential.Parameters["username"]!, credential.Parameters["credential"]!);
        Assert.Equal(ErrorCode.Unauthenticated, again.Allocate().Error);
    }

    static string Edge(string way, TlsFiles files, string turn, string credentials, string listen = "") => $$"""
        { "domain": "ims.example.net",
          "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
          "epcscf": { "host": "epcscf.ims.example.net",
            "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
            "provisioning": { "approach": "{{way}}", "transfer": { {{Files(files)}}{{listen}} },
              "turnServers": [{ "uris": ["turn:{{turn}}"], "credentials": "{{credentials}}" }] } } }
        """;

    static string WithFeed(string edge) => edge.Replace(
        "\"transfer\":", "\"revocations\": true, \"secret\": \"@turn-secret\", \"transfer\":", StringComparison.Ordinal);

    /// <summary>Until the edge has found its TURN server, a 200 goes out without the header.</summary>
    static async Task<TypedValue> CredentialAsync(SipClient wic)
    {
        TypedValue? credential = null;
        await Eventually.TrueAsync(async () =>
        {
            var registered = await wic.RegisterAsync(ConfigurationFolder.Password);
            Assert.Equal(200, registered.Status);
            return TypedValue.TryParse(registered.Get("Turn-Credential"), out credential);
        });
        return credential!;
    }

    static string Files(TlsFiles files) =>
        $"\"certificate\": \"{files.Certificate}\", \"certificateKey\": \"{files.Key}\", \"authorities\": \"{files.Authorities}\"";

    PortunusProcess Serve(string name, string text) => PortunusProcess.Serve("serve", "--config", _folder.Write(name, text));
}
