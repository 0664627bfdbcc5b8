using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Transfer;
using Portunus.Wic;

namespace Portunus.Load;

/// <summary>
/// Allocates a second and what one costs the server, by kind of credential, over sockets on loopback: all kinds at one
/// <c>portunus serve</c>, and at Debian's coturn the two that it has; in alternating rounds, the first dropped.
/// </summary>
static class AllocateFigures
{
    public const string Usage = "Load allocates [rounds 50] [milliseconds 200] [clients 4]";

    const string Realm = "bench", Secret = "a secret for benchmarks", Password = "a password for benchmarks", Server = "turn1";

    // A worker asks edges 1,000 times a second at most; what comes beyond it drops, and a figure would show the client's patience.
    const double MostQuestions = 900;

    static readonly TokenKey Key = new("edge1-turn1-1", TokenAlgorithm.A256Gcm, "a key of 32 bytes for benchmarks"u8);

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = Arguments.Number(args, 0, 50, 1, 1000);
        var time = TimeSpan.FromMilliseconds(Arguments.Number(args, 1, 200, 100, 60_000));
        var clients = Arguments.Number(args, 2, 4, 1, 40);

        using var files = new OperatorFiles();
        var port = ServerProcess.FreePort();
        using var edge = TransferNode.Start(
            new() { Servers = [new(Server, Realm, new($"https://{OperatorFiles.Name}:{port}/"))], Tls = files.Tls },
            NullLogger.Instance);
        await using var fetched = await FetchListener.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0),
                Tls = files.Tls,
                Readers = ImmutableDictionary<string, string>.Empty.Add(OperatorFiles.Name, Server),
            },
            edge, NullLoggerFactory.Instance);
        using var portunus = ServerProcess.Portunus(files.Write("turn.json", $$"""
            { "domain": "{{Realm}}",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "relayPorts": "10000-29999",
                "serverName": "{{Server}}", "secrets": ["{{Secret}}"], "users": [{ "name": "static", "password": "{{Password}}" }],
                "oauthKeys": [{ "key": "{{Key.Kid}}:A256GCM:{{Convert.ToBase64String(Key.Value.Span)}}" }],
                "credentials": { "listen": "127.0.0.1:{{port}}", {{files.TlsMembers}},
                  "edges": [{ "name": "{{OperatorFiles.Name}}" }],
                  "ask": ["https://{{OperatorFiles.Name}}:{{fetched.Address.Port}}/"] } } }
            """));
        var credentials = new EdgeCredentials(edge, Realm);
        var pushed = credentials.Draw();
        await credentials.PushSurelyAsync(pushed, Server);
        List<AllocateKind> kinds = [.. Ours(TransportAddress.From(portunus.At("turn")), portunus.Id, credentials, pushed.Username, time)];
        List<ServerProcess> coturns = [];
        try
        {
            if (ServerProcess.HasCoturn) kinds.AddRange(Coturns(files, coturns));
            else Console.Error.WriteLine("coturn is not on this machine: its rows are left out");
            for (var round = 0; round <= rounds; round++) await RoundAsync(round, kinds, clients, time);
        }
        finally
        {
            foreach (var coturn in coturns) coturn.Dispose();
        }

        Write(kinds, rounds, clients, time);
        return 0;
    }

    static IEnumerable<AllocateKind> Ours(
        TransportAddress server, int process, EdgeCredentials credentials, string pushed, TimeSpan time)
    {
        var minted = Mint();
        using var issuer = new TokenIssuer(Key, Server, new SystemRandom());
        var token = issuer.Issue(SystemClock.Now, issuer.DrawId(), 3600);
        return
        [
            new("static user", server, process, () => Static),
            new("time-limited", server, process, () => minted),
            new("pushed", server, process, () => EdgeCredentials.ClientOf(pushed)),
            new("token of RFC 7635", server, process, () => new() { Token = token }),
            new("pulled, each name asked for", server, process, credentials.NextKept)
            {
                Prepare = () => credentials.KeepAsync((int)(MostQuestions * time.TotalSeconds) + 100),
                MostPerSecond = MostQuestions,
            },
        ];
    }

    static IEnumerable<AllocateKind> Coturns(OperatorFiles files, List<ServerProcess> started)
    {
        var minted = Mint();
        yield return Start("coturn, static user", Static, "--lt-cred-mech", $"--user=static:{Password}");
        yield return Start("coturn, time-limited", minted, "--use-auth-secret", $"--static-auth-secret={Secret}");

        AllocateKind Start(string name, TurnClientSettings credential, params string[] options)
        {
            var port = ServerProcess.FreePort();
            var coturn = ServerProcess.Coturn(port, files, options);
            started.Add(coturn);
            return new(name, TransportAddress.From(new IPEndPoint(IPAddress.Loopback, port)), coturn.Id, () => credential);
        }
    }

    static TurnClientSettings Static => new() { Username = "static", Password = Password, Rfc5389Only = true };

    static TurnClientSettings Mint()
    {
        SharedSecret.TryParse(Secret, out var secret);
        var minted = TimeLimitedCredential.Mint(secret!, SystemClock.Now.UnixSeconds + 3600, new SystemRandom().NextToken(16));
        return new() { Username = minted.Username, Password = minted.Password, Rfc5389Only = true };
    }

    static async Task RoundAsync(int round, List<AllocateKind> kinds, int clients, TimeSpan time)
    {
        // In another order each time, so that neither a drift of the machine nor who came before favours anybody. In the first, which
        // is dropped, the compiler has its time.
        var order = kinds.ToArray();
        new Random(round).Shuffle(order);
        var figures = new Dictionary<AllocateKind, (double PerSecond, double Cpu)>();
        foreach (var kind in order)
        {
            await kind.Prepare();
            var (perSecond, cpu, late) = kind.Measure(clients, round == 0 ? 3 * time : time);
            figures.Add(kind, (perSecond, cpu));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round} {kind.Name}: {perSecond:f0}/s, {cpu:f1} us, {late} late"));
        }

        if (round == 0) return;
        foreach (var kind in kinds) kind.Add(figures[kind], figures[kinds[0]]);
    }

    static void Write(List<AllocateKind> kinds, int rounds, int clients, TimeSpan time)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{clients} clients, {rounds} rounds of {time.TotalSeconds:f2} s; medians (middle half), ratios within a round"));
        Console.WriteLine("| credential | Allocates/s | to static | server CPU, us each | to static |\n|---|---|---|---|---|");
        foreach (var kind in kinds)
            Console.WriteLine(kind.Row);
    }
}
