using System.CommandLine;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Sip;

namespace Portunus.Server.Commands;

/// <summary><c>portunus wic</c>: the native client, for people who debug their network and for tests.</summary>
static class WicCommand
{
    static readonly Option<TransportAddress?> Peer = Flag.One<TransportAddress?>(
        "--peer", "IP:PORT", "Where an echo (wic echo) listens. Without it, this client is its own echo behind a second relay.",
        text => WicFlags.ReadPeer(text), () => null);

    static readonly Option<TransportAddress?> Listen = Flag.One<TransportAddress?>(
        "--listen", "IP:PORT", "Listen here and not behind a relay; port 0 takes a free one.",
        text => WicFlags.ReadAddress(text), () => null);

    static readonly Option<int> Stay = Flag.One(
        "--stay", "SECONDS", "Stay registered for so long, refreshing registration and credential.", WicFlags.ReadStay, () => 0);

    static readonly Option<SipUri?> To = Flag.One<SipUri?>(
        "--to", "NAME@DOMAIN", "Whom to call: another native client that waits with --answer.",
        WicFlags.ReadIdentity, () => null);

    static readonly Option<bool> Answer = Flag.Switch("--answer", "Wait for a call and answer it.");

    public static Command Create() => new(
        "wic", """
        Register, call and relay as a native client, with a timeline.

        It signs in by SIP Digest (scenario 1), or with a token of a WAF (2, 3); AKA is not there. Its calls go from relay to relay:
        no media gateway is in their path.
        """)
    {
        Make(
            "register", "Sign in at an eP-CSCF, take a TURN credential, renew it, and sign off.",
            RegisterAsync, [.. WicSettings.SignIn, Stay, WicSettings.Json]),
        Make(
            "relay", """
            Take a relay and send packets through it to an echo; say how many were lost, and the round trips.

            With --server the credential comes from the eP-CSCF. With --turn alone any TURN server is tried, by name and password
            or by shared secret. Ctrl-C ends the packets early, and what was sent counts.
            """,
            RelayAsync, [.. WicSettings.SignIn, .. WicSettings.Turn, Peer, .. WicSettings.Media, WicSettings.Json]),
        Make(
            "call", "Call another native client, or wait for its call: packets both ways, through both relays.",
            CallAsync,
            [
                To, Answer, .. WicSettings.SignIn, WicSettings.TurnServer, WicSettings.NameServer,
                .. WicSettings.Media, WicSettings.Json,
            ]),
        Make(
            "echo", """
            Send back what wic relay sends, at a port of this machine or behind a relay, until Ctrl-C.

            Behind a relay it is there for clients whose relay has the same address as its own.
            """,
            EchoAsync, [Listen, .. WicSettings.SignIn, .. WicSettings.Turn]),
    };

    static Command Make(
        string name, string says, Func<ParseResult, CancellationToken, Task<int>> run, IEnumerable<Option> options)
    {
        var command = new Command(name, says);
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(run);
        return command;
    }

    static async Task<int> RegisterAsync(ParseResult line, CancellationToken cancellation)
    {
        using var stop = new Stop();
        var plan = WicSettings.Read(line, needsEdge: true);
        var report = new WicReport("register", line.GetValue(WicSettings.Json));
        return await report.RunAsync(async () =>
        {
            var stay = TimeSpan.FromSeconds(line.GetValue(Stay));
            await RegisterJourney.RunAsync(plan, stay, report.Timeline, report.Ready, stop.Wished);
            return null;
        });
    }

    static async Task<int> RelayAsync(ParseResult line, CancellationToken cancellation)
    {
        using var stop = new Stop();
        var plan = WicSettings.Read(line, needsEdge: false) with { Peer = line.GetValue(Peer) };
        var report = new WicReport("relay", line.GetValue(WicSettings.Json));
        return await report.RunAsync(async () => await RelayJourney.RunAsync(plan, report.Timeline, stop.Wished));
    }

    static async Task<int> CallAsync(ParseResult line, CancellationToken cancellation)
    {
        using var stop = new Stop();
        var callee = line.GetValue(To);
        if (callee is not null == line.GetValue(Answer))
            throw new WrongUsageException("Say which side this is: --to NAME@DOMAIN to call, or --answer to wait for a call.");
        var plan = WicSettings.Read(line, needsEdge: true);
        var report = new WicReport("call", line.GetValue(WicSettings.Json));
        return await report.RunAsync(async () => callee is null
            ? await CallJourney.AnswerAsync(plan, report.Timeline, report.Ready, stop.Wished)
            : await CallJourney.CallAsync(plan, callee, report.Timeline, stop.Wished));
    }

    static async Task<int> EchoAsync(ParseResult line, CancellationToken cancellation)
    {
        using var stop = new Stop();
        if (line.GetValue(Listen) is { } local)
        {
            if (WicSettings.NamesAServer(line))
                throw new WrongUsageException("--listen is for an echo without a relay; leave it out, or --server and --turn.");
            using var echo = new UdpEcho(local);
            Ready(echo.Local);
            await stop.Task;
            return CommandLine.Success;
        }

        var plan = WicSettings.Read(line, needsEdge: false);
        var report = new WicReport("echo", json: false);
        return await report.RunAsync(async () =>
        {
            try
            {
                await EchoJourney.RunAsync(plan, report.Timeline, Ready, stop.Wished);
            }
            catch (OperationCanceledException) when (stop.Wished.IsCancellationRequested)
            {
                // That is how an echo ends.
            }

            return null;
        });
    }

    static void Ready(TransportAddress at)
    {
        Console.WriteLine($"listening udp:{at}");
        Console.WriteLine("ready");
    }
}
