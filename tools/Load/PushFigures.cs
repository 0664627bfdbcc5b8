using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Credentials;
using Portunus.Nodes.Transfer;

namespace Portunus.Load;

/// <summary>
/// Pushes a second that are acknowledged, and how long one alone takes, from an edge's <see cref="TransferNode"/> to TURN servers in
/// processes of their own: by the interface for credentials, and by the control connection of a media gateway node.
/// </summary>
static class PushFigures
{
    public const string Usage = "Load pushes [rounds 12] [pushes 1500] [alone 300] [beside each other 64]";

    const string Realm = "bench";

    static readonly string[] Turns = ["turn1", "turn2", "turn3"], Gateways = ["agw1", "agw2", "agw3"];

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = Arguments.Number(args, 0, 12, 1, 20);
        // What a server may hold of one edge (100,000) bounds what a run may push.
        var pushes = Arguments.Number(args, 1, 1500, 1, 2000);
        var alone = Arguments.Number(args, 2, 300, 1, 300);
        var beside = Arguments.Number(args, 3, 64, 1, 1000);

        using var files = new OperatorFiles();
        List<ServerProcess> servers = [];
        try
        {
            foreach (var (turn, gateway) in Turns.Zip(Gateways)) servers.Add(Start(files, turn, gateway));
            using var edge = TransferNode.Start(
                new()
                {
                    Servers =
                    [
                        .. servers.Zip(Turns, (server, name) => Target(server, name, "https", "credentials")),
                        .. servers.Zip(Gateways, (server, name) => Target(server, name, "ngs", "control")),
                    ],
                    Tls = files.Tls,
                    // A machine under load: what is late is to be seen as late, not as lost.
                    Rules = new() { Servers = [], RequestDeadline = TimeSpan.FromSeconds(10) },
                },
                NullLogger.Instance);
            var credentials = new EdgeCredentials(edge, Realm);
            foreach (var name in Turns.Concat(Gateways)) await credentials.PushSurelyAsync(credentials.Draw(), name);
            PushCell[] cells =
            [
                new("push, 1 TURN server", Turns[..1]), new("push, 3 TURN servers", Turns),
                new("control connection, 1 node", Gateways[..1]), new("control connection, 3 nodes", Gateways),
            ];
            for (var round = 0; round <= rounds; round++)
                foreach (var cell in cells)
                    await cell.MeasureAsync(round, edge, credentials, servers[0].Id, pushes, alone, beside);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rounds} rounds of {pushes} pushes, {beside} at a time, then {alone} alone; medians (middle half)"));
            Console.WriteLine("| way | pushes/s | one alone: p50, ms | p99, ms | CPU of one server, us each |\n|---|---|---|---|---|");
            foreach (var cell in cells) Console.WriteLine(cell);
        }
        finally
        {
            foreach (var server in servers) server.Dispose();
        }

        return 0;
    }

    static ServerProcess Start(OperatorFiles files, string turn, string gateway)
    {
        var interfaces = $"\"listen\": \"127.0.0.1:0\", {files.TlsMembers}, \"edges\": [{{ \"name\": \"{OperatorFiles.Name}\" }}]";
        return ServerProcess.Portunus(files.Write($"{turn}-{gateway}.json", $$"""
            { "domain": "{{Realm}}",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "credentials": { {{interfaces}} } },
              "agw": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "control": { {{interfaces}} } } }
            """));
    }

    static TransferTarget Target(ServerProcess server, string name, string scheme, string protocol) =>
        new(name, Realm, new($"{scheme}://{OperatorFiles.Name}:{server.At(protocol).Port}/"));
}
