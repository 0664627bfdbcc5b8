using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Loopback;
using Portunus.Store;

namespace Portunus.Tests.Io.Up;

/// <summary>
/// The whole system in this process on free ports, with three edge machines and subscribers of both algorithms.
/// </summary>
public sealed class LoopbackFixture : IAsyncLifetime
{
    public const string Realm = "ims.localhost";

    public const string Password = "a password with: a colon";

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    internal LoopbackSystem System { get; private set; } = null!;

    internal RecordedLog Log { get; } = new();

    public async ValueTask InitializeAsync() => System = await LoopbackSystem.StartAsync(
        new()
        {
            HttpPort = 0,
            HttpsPort = 0,
            TurnPort = 0,
            Realm = Realm,
            Shards = 3,
            Subscribers =
            [
                Subscriber("alice", DigestAlgorithms.Md5),
                Subscriber("bob", DigestAlgorithms.Md5),
                Subscriber("carol", DigestAlgorithms.Md5 | DigestAlgorithms.Sha256),
                Subscriber("dave", DigestAlgorithms.Sha256),
            ],
            DataFolder = _folder,
            KeepCertificate = true,
            PageFolder = _folder,
        },
        LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log)));

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The file of the certificate that its HTTPS shows.</summary>
    internal string Certificate => Path.Combine(_folder, "certificate.pem");

    internal Uri W2(string protocol = "http")
    {
        var at = System.Listeners.First(listener => listener.Protocol == protocol).EndPoint;
        return new($"{protocol.Replace("http", "ws", StringComparison.Ordinal)}://localhost:{at.Port}/w2");
    }

    internal Task<SipClient> ConnectAsync(string name, string protocol = "http") =>
        SipClient.ConnectAsync(W2(protocol), name, Realm);

    internal async Task<SipClient> RegisteredAsync(string name)
    {
        var client = await ConnectAsync(name);
        Assert.Equal(200, (await client.RegisterAsync(Password)).Status);
        return client;
    }

    static SubscriberRecord Subscriber(string name, DigestAlgorithms algorithms) =>
        SubscriberRecord.WithPassword($"{name}@{Realm}", [$"sip:{name}@{Realm}"], Realm, Password, algorithms);
}
