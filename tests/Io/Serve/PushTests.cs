using Portunus.Nodes.Tls;
using Portunus.Sip;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Io.Serve;

public sealed class PushTests : IDisposable
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
        var turn = Bedrock.TransportAddress.TryParse(At(turnProcess, "turn"), out var address) ? address : default;
        using var edge = Serve("edge.json", $$"""
            { "domain": "ims.example.net",
              "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
              "epcscf": { "host": "epcscf.ims.example.net", "shards": 2,
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "provisioning": { "approach": "push", "transfer": { {{Files(_authority.Client("epcscf.ims.example.net"))}} },
                  "turnServers": [{ "uris": ["turn:{{turn}}"], "credentials": "https://{{At(turnProcess, "credentials")}}/" }] } } }
            """);
        await using var wic = await SipClient.ConnectAsync(new($"ws://{At(edge, "http")}/w2"), "alice", ConfigurationFolder.Domain);
        var credential = await CredentialAsync(wic);
        using var client = new RawClient(turn, credential.Parameters["username"]!, credential.Parameters["credential"]!);
        Assert.Null(client.Allocate().Error);

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

    static string At(PortunusProcess process, string protocol) => process.Output
        .First(line => line.StartsWith($"listening {protocol} ", StringComparison.Ordinal)).Split(' ')[^1];

    PortunusProcess Serve(string name, string text) => PortunusProcess.Serve("serve", "--config", _folder.Write(name, text));
}
