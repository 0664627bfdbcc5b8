using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Portunus.Nodes;
using Portunus.Nodes.Loopback;

namespace Portunus.Server.Commands;

/// <summary>
/// <c>portunus up</c>: page, WAF, WWSF, eP-CSCF, home core and TURN servers in one process, on loopback, with nothing to set up.
/// </summary>
static class UpCommand
{
    static readonly Option<int> Http = Flag.One(
        "--http", "PORT", "TCP port of the page and W2; 0 for a free one.", ReadPort, () => 8080);

    static readonly Option<int> Https = Flag.One(
        "--https", "PORT", "The same over TLS, with a generated certificate.", ReadPort, () => 8443);

    static readonly Option<int> Turn = Flag.One("--turn", "PORT", "UDP port of the TURN server.", ReadPort, () => 3478);

    static readonly Option<string> Realm = Flag.One(
        "--realm", "DOMAIN", "Home domain, digest realm and TURN realm.", ReadRealm, () => "ims.localhost");

    static readonly Option<ImmutableArray<string>> Subscribers = Flag.Many(
        "--subscriber", "@FILE|env:NAME|NAME:PASSWORD", "A subscriber in place of alice and bob; may be repeated.", Flag.Text);

    static readonly Option<string?> Data = Flag.One<string?>(
        "--data", "DIR", "Keep subscribers and certificate in this folder; else they go when this ends.", Flag.Text, () => null);

    public static Command Create()
    {
        var up = new Command("up", """
            Start everything that two browser windows need for a call: page, edge, core and TURN server.

            Scenario 1 is SIP Digest; AKA is not there. Beside the TURN server stands one in a media gateway node, at a free port, for
            Approach 2 integrated; no real media gateway is behind the node.
            """)
        {
            Http, Https, Turn, Realm, Subscribers, Data,
        };
        up.SetAction((line, _) => RunAsync(line));
        return up;
    }

    static async Task<int> RunAsync(ParseResult line)
    {
        // Before anything is started: a signal that comes early must find nothing left behind, too.
        using var stop = new Stop();
        var realm = line.GetRequiredValue(Realm);
        var subscribers = DemoSubscriber.Read(line.GetValue(Subscribers));
        using var data = DataFolder.Open(line.GetValue(Data));
        using var logs = Logs.ToStandardError(LogLevel.Warning);
        await using var system = await LoopbackSystem.StartAsync(
            new()
            {
                HttpPort = line.GetValue(Http),
                HttpsPort = line.GetValue(Https),
                TurnPort = line.GetValue(Turn),
                Realm = realm,
                Subscribers = [.. subscribers.Select(subscriber => subscriber.ToRecord(realm))],
                Users = [.. subscribers.AsParallel().Select(subscriber => subscriber.ToUser(realm))],
                DataFolder = data.Path,
                KeepCertificate = data.IsKept,
                PageFolder = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
            },
            logs.Factory);
        Welcome.Print(system, subscribers, data, Console.Out);
        await Task.WhenAny(stop.Task, system.Ended);
        if (stop.Wished.IsCancellationRequested) return CommandLine.Success;
        throw new RefusedException("The TURN server failed, so all was stopped; start it again.", system.Ended.Exception);
    }

    static int ReadPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new FormatException($"'{text}' is not a port; write a number from 0 to 65535.");

    /// <summary>A domain as a SIP URI and a certificate can carry it (RFC 1123 §2.1): letters of ASCII.</summary>
    static string ReadRealm(string text) =>
        text.Length <= 127 && text.All(char.IsAscii) && Uri.CheckHostName(text) == UriHostNameType.Dns
            && !text.Contains('_') && !text.EndsWith('.')
            ? text.ToLowerInvariant()
            : throw new FormatException($"'{text}' is not a domain; write one like ims.example.net.");
}
