using Portunus.Bedrock;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>
/// `portunus serve` as an operator runs it: an edge and a TURN server of two processes, and a core of somebody else's.
/// </summary>
public sealed class ServeTests : ImsTest
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-serve-");

    public ServeTests(ImsCoreFixture fixture) : base(fixture) =>
        File.WriteAllText(Path.Combine(_folder.FullName, "turn-secret"), "north\n");

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Who_registers_in_a_foreign_core_talks_and_relays_by_the_credential_of_the_200(string transport)
    {
        using var turn = Serve("turn.json", $$"""
            { "domain": "{{ImsCore.Domain}}",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
                "allowPeers": ["127.0.0.0/8"] } }
            """);
        using var edge = Serve("edge.json", $$"""
            { "domain": "{{ImsCore.Domain}}",
              "epcscf": { "host": "{{ImsCore.EdgeAddress}}",
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "core": { "listen": "{{ImsCore.EdgeAddress}}:0", "transport": "{{transport}}",
                  "nextHop": "{{Core.IcscfEndPoint}}", "neighbours": ["{{Core.ScscfEndPoint.Address}}"] },
                "provisioning": { "approach": "shared-secret", "secret": "@turn-secret",
                  "turnServers": [{ "uris": ["turn:{{At(turn, "turn")}}?transport=udp"] }] } } }
            """);
        await TalkAndRelayAsync(edge);
        Assert.Equal(0, edge.Terminate());
        Assert.Equal(0, turn.Terminate());
    }

    async Task TalkAndRelayAsync(PortunusProcess edge)
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        await using var caller = await ConnectAsync(edge, alice);
        var credential = Party.Credential(await caller.RegisterAsync(alice.Password));
        await using var callee = await ConnectAsync(edge, bob);
        Assert.Equal(200, (await callee.RegisterAsync(bob.Password)).Status);
        await (await Conversation.BeginAsync(new(caller), new(callee))).EndByCallerAsync();

        Assert.True(TransportAddress.TryParse($"127.0.0.1:{credential.Uris.Single().EffectivePort}", out var server));
        using var relay = new RawClient(server, credential.Username, credential.Credential);
        Assert.Null(relay.Allocate().Error);
    }

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return base.DisposeAsync();
    }

    PortunusProcess Serve(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return PortunusProcess.Serve("serve", "--config", file);
    }

    static string At(PortunusProcess process, string protocol) => process.Output
        .First(line => line.StartsWith($"listening {protocol} ", StringComparison.Ordinal)).Split(' ')[^1];

    static Task<SipClient> ConnectAsync(PortunusProcess edge, Subscriber subscriber) =>
        SipClient.ConnectAsync(new($"ws://{At(edge, "http")}/w2"), subscriber.Name, subscriber.Domain);
}
