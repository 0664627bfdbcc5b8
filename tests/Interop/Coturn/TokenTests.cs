using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Wic;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Access tokens of RFC 7635 between coturn and us, in both directions.</summary>
public sealed class TokenTests(CoturnFixture fixture)
{
    const string Realm = "example.org";
    const string Server = "turn1.example.org";
    const string Base64 = "SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Of the keys that coturn's client has inside; it draws one for each Allocate and each Refresh.</summary>
    internal static readonly string[] ClientKeys =
    [
        "--oauth-key", "north:A256GCM:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEK",
        "--oauth-key", "union:A128GCM:MTIzNDU2Nzg5MDEyMzQ1Ngo=",
        "--oauth-key", "oldempire:A256GCM:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIK",
    ];

    [Fact]
    public void The_tokens_of_coturns_client_are_taken_and_each_Refresh_may_have_a_new_kid()
    {
        using var server = PortunusProcess.Serve(
            ["turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", Realm, "--server-name", Server,
                "--allow-peer", "127.0.0.0/8", .. ClientKeys]);
        Uclient(server, UclientRun.Messages(500, clients: 2)).AssertNoLoss(1000);
        Assert.Equal(0, server.Terminate());
        Assert.Matches("by Token [0-9a-f]{16} from now on", server.Errors);
    }

    [Fact]
    public void Coturns_client_with_keys_that_we_do_not_have_is_refused()
    {
        using var server = PortunusProcess.Serve(
            ["turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", Realm,
                "--allow-peer", "127.0.0.0/8", "--oauth-key", $"north:A256GCM:{Base64}"]);
        var run = Uclient(server, UclientRun.Messages(5));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Cannot complete Allocation", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_minted_token_is_taken_by_coturn_from_our_client_and_one_for_another_kid_is_not()
    {
        var port = CoturnProgram.FreePort(IPAddress.Loopback);
        var files = Directory.CreateTempSubdirectory("coturn-");
        try
        {
            AddKey($"{files.FullName}/db", "waf1-turn1-1");
            using var coturn = CoturnProgram.Serve("turnserver", "-n", "-p", $"{port}", "-L", "127.0.0.1", "-E", "127.0.0.1",
                "--oauth", "--lt-cred-mech", $"--realm={Realm}", $"--server-name={Server}", "--allow-loopback-peers", "--no-cli",
                "--no-tls", "--no-dtls", "--no-tcp", "--log-file=stdout", $"--pidfile={files.FullName}/pid",
                $"--userdb={files.FullName}/db");
            var at = new IPEndPoint(IPAddress.Loopback, port);
            using (var client = new SocketClient(at, Mint("waf1-turn1-1")))
            {
                client.Client.Allocate(SystemClock.Now);
                var allocated = Assert.IsType<TurnClientEffect.Allocated>(client.Next());
                Assert.InRange(allocated.Lifetime.TotalSeconds, 1, 600);
                client.Client.Permit(SystemClock.Now, TransportAddress.IPv4(0x7F000001, 9));
                Assert.IsType<TurnClientEffect.Admitted>(client.Next());
                // Another token carries it on; then everything goes by that one.
                Assert.True(client.Client.Renew(SystemClock.Now, Mint("waf1-turn1-1")));
                client.Client.Permit(SystemClock.Now, TransportAddress.IPv4(0x7F000001, 7));
                Assert.IsType<TurnClientEffect.Admitted>(client.Next());
                client.Client.Release(SystemClock.Now);
                Assert.IsType<TurnClientEffect.Ended>(client.Next());
            }

            using var stranger = new SocketClient(at, Mint("waf2-turn1-1"));
            stranger.Client.Allocate(SystemClock.Now);
            Assert.Equal(TurnClientFailure.TokenRefused, Assert.IsType<TurnClientEffect.Failed>(stranger.Next()).Cause);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    UclientRun Uclient(PortunusProcess server, string[] messages) =>
        UclientRun.Once(["-J", "-c", "-s", .. fixture.ToPeer, .. messages, .. UclientRun.At(server.Listeners[0])]);

    /// <summary>As turnadmin or a script of the operator would; coturn makes its other tables itself.</summary>
    static void AddKey(string file, string kid)
    {
        using var store = new SqliteConnection($"Data Source={file};Pooling=False");
        store.Open();
        using var command = store.CreateCommand();
        command.CommandText =
            """
            CREATE TABLE oauth_key (kid varchar(128), ikm_key varchar(256), timestamp bigint default 0,
                lifetime integer default 0, as_rs_alg varchar(64) default '', realm varchar(127), primary key (kid));
            INSERT INTO oauth_key VALUES ($kid, $key, 0, 0, 'A256GCM', $realm);
            """;
        command.Parameters.AddWithValue("$kid", kid);
        command.Parameters.AddWithValue("$key", Base64);
        command.Parameters.AddWithValue("$realm", Realm);
        command.ExecuteNonQuery();
    }

    static IssuedToken Mint(string kid)
    {
        var (code, output, errors) = PortunusProcess.Run(
            ["token", "mint", "--key", $"{kid}:A256GCM:{Base64}", "--server-name", Server, "--lifetime", "900"]);
        Assert.True(code == 0, errors);
        using var json = JsonDocument.Parse(output);
        Bytes Binary(string name) => Bytes.Copy(json.RootElement.GetProperty(name).GetBytesFromBase64());
        return new(kid, Binary("key"), Binary("access_token"), Server, 900);
    }

    /// <summary>Our native client's machine on a real socket.</summary>
    sealed class SocketClient : IDisposable
    {
        readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        readonly byte[] _buffer = new byte[65535];

        public SocketClient(IPEndPoint server, IssuedToken token)
        {
            Client = new(new() { Token = token }, new SystemRandom());
            _socket.Connect(server);
        }

        public TurnClient Client { get; }

        /// <summary>What it next wants known.</summary>
        public TurnClientEffect Next()
        {
            var end = SystemClock.Now + Patience;
            while (SystemClock.Now < end)
            {
                while (Client.TryTake(out var effect))
                    if (effect is TurnClientEffect.ToServer { Datagram: var datagram }) Try(() => _socket.Send(datagram.Span));
                    else return effect;
                var due = Client.NextDeadline ?? end;
                var wait = (due < end ? due : end) - SystemClock.Now;
                if (wait <= TimeSpan.Zero || !_socket.Poll(wait, SelectMode.SelectRead)) Client.OnDeadline(SystemClock.Now);
                else if (Try(() => _socket.Receive(_buffer)) is > 0 and var length)
                    Client.OnServer(SystemClock.Now, _buffer.AsSpan(0, length));
            }

            throw new TimeoutException("Nothing came of it.");
        }

        public void Dispose() => _socket.Dispose();

        /// <summary>A server that is only just starting refuses at first; the client sends again.</summary>
        static int Try(Func<int> act)
        {
            try
            {
                return act();
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return 0;
            }
        }
    }
}
