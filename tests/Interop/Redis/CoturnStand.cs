using System.Net;
using Portunus.Bedrock;
using Portunus.Sip;
using Portunus.Tests.Interop.Coturn;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Interop.Redis;

/// <summary>
/// A network with two foreign TURN servers: Debian's coturn that reads its users from a Redis on its own machine, and another,
/// of which there is only the Redis, reached by TLS. Between them and a WIC an edge as <c>portunus serve</c> composes it.
/// </summary>
sealed class CoturnStand : IDisposable
{
    public const string Realm = "ims.example.net";
    public const string Other = "turn2.example.net";

    const string Password = "wonderland";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-redis-");
    readonly Authority _authority = new();
    readonly CoturnProgram _coturn;
    readonly int _port = CoturnProgram.FreePort(IPAddress.Loopback);

    public CoturnStand()
    {
        Far = new(_authority.Server());
        _coturn = CoturnProgram.Serve(
            "turnserver", "-n", "-p", $"{_port}", "-L", "127.0.0.1", "-E", "127.0.0.1", $"--realm={Realm}", "--lt-cred-mech",
            "--allow-loopback-peers", "--no-cli", "--no-tls", "--no-dtls", "--no-tcp", "--log-file=stdout",
            $"--pidfile={_folder.FullName}/pid",
            $"--redis-userdb=host=127.0.0.1 port={Near.Port} dbname=0 password={RedisProgram.Password} connect_timeout=10");
        Assert.True(TurnserverTests.Answers(Coturn), _coturn.Output);
        File.WriteAllText(Path.Combine(_folder.FullName, "password"), Password);
        File.WriteAllText(Path.Combine(_folder.FullName, "redis-password"), RedisProgram.Password);
        Edge = PortunusProcess.Serve("serve", "--config", Write("edge.json"));
    }

    public TransportAddress Coturn => TransportAddress.From(IPAddress.Loopback, (ushort)_port);

    /// <summary>coturn's own.</summary>
    public RedisProgram Near { get; } = new();

    public RedisProgram Far { get; }

    public PortunusProcess Edge { get; private set; }

    /// <summary>Ends the edge without a farewell, and begins it anew: its numbers begin at one again.</summary>
    public void BeginEdgeAnew()
    {
        Edge.Dispose();
        Edge = PortunusProcess.Serve("serve", "--config", Path.Combine(_folder.FullName, "edge.json"));
    }

    public Task<SipClient> ConnectAsync()
    {
        var w2 = Edge.Output.First(line => line.StartsWith("listening http ", StringComparison.Ordinal)).Split(' ')[^1];
        return SipClient.ConnectAsync(new($"ws://{w2}/w2"), "alice", Realm);
    }

    /// <summary>Registers anew until the 200 names these hosts and no other: a machine under load may be slower than the half second
    /// that a data base has to acknowledge.</summary>
    public async Task<(string Username, string Password)> RegisterAsync(SipClient wic, params string[] hosts)
    {
        var credential = await RegisterUntilAsync(wic, credential => credential is not null
            && credential.Parameters["uris"]!.Split(' ').Select(uri => uri.Split(':')[1]).Order().SequenceEqual(hosts.Order()));
        return (credential!.Parameters["username"]!, credential.Parameters["credential"]!);
    }

    /// <summary>The same until the 200 has no credential.</summary>
    public Task RegisterInVainAsync(SipClient wic) => RegisterUntilAsync(wic, credential => credential is null);

    public static async Task EndAsync(SipClient wic) =>
        Assert.Equal(200, (await wic.RegisterAsync(Password, expires: 0)).Status);

    public void Dispose()
    {
        Edge?.Dispose();
        _coturn.Dispose();
        Near.Dispose();
        Far.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    async Task<TypedValue?> RegisterUntilAsync(SipClient wic, Func<TypedValue?, bool> fits)
    {
        TypedValue? credential = null;
        var seen = "";
        await Eventually.TrueAsync(
            async () =>
            {
                await EndAsync(wic);
                var registered = await wic.RegisterAsync(Password);
                Assert.Equal(200, registered.Status);
                seen = registered.Get("Turn-Credential") ?? "no header";
                var text = registered.Get("Turn-Credential");
                Assert.True(text is null || TypedValue.TryParse(text, out credential), text);
                if (text is null) credential = null;
                return fits(credential);
            }, () => $"{seen}\n{Edge.Errors}");
        return credential;
    }

    string Write(string name)
    {
        var tls = _authority.Client("epcscf.ims.example.net");
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, $$"""
            { "domain": "{{Realm}}",
              "core": { "subscribers": [{ "name": "alice", "password": "@password" }] },
              "epcscf": { "host": "epcscf.ims.example.net",
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "provisioning": { "approach": "push",
                  "transfer": { "certificate": "{{tls.Certificate}}", "certificateKey": "{{tls.Key}}",
                    "authorities": "{{tls.Authorities}}" },
                  "turnServers": [
                    { "uris": ["turn:{{Coturn}}"],
                      "redis": { "address": "redis://127.0.0.1:{{Near.Port}}/", "password": "@redis-password" } },
                    { "uris": ["turn:{{Other}}"],
                      "redis": { "address": "rediss://localhost:{{Far.Port}}/", "password": "@redis-password" } }] } } }
            """);
        return file;
    }
}
