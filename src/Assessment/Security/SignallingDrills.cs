using System.Net.Sockets;
using System.Text;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Sip;

namespace Portunus.Assessment.Security;

/// <summary>What is tried on W2, at the WAF and from the core to come by a credential or a registration.</summary>
static class SignallingDrills
{
    const string Ask = "Turn-Credential-Request: password, oauth", Give = "Turn-Credential";

    /// <summary>An identity is lent that the eP-CSCF does not let the site lend, before so many are.</summary>
    const int MostLeases = 16;

    public static IEnumerable<Drill> All { get; } =
    [
        new(1, way => way.Solution == "OAuth", WithoutLoginAsync),
        new(2, way => way.Solution is "A1" or "A2" or "Combined", BeforeTheAnswerAsync),
        new(3, _ => true, AuthDoneAsync),
        new(5, way => way.Solution is "A1" or "A2" or "Combined", PlainAsync),
        // Before the one that borrows all that there is.
        new(19, _ => true, TwoOfOneLeaseAsync),
        new(17, _ => true, OutsideOfThePoolAsync),
        new(18, _ => true, AnotherWafAsync),
    ];

    /// <summary>For the end: it takes the core away.</summary>
    public static Drill SlippedIn { get; } = new(4, way => way.Solution is "A1" or "A2" or "Combined", SlippedInAsync);

    /// <summary>Who the subscriber of drill 18 is; no drill takes so many users.</summary>
    public const int UserOfAnotherWaf = 60;

    static async Task<Finding> WithoutLoginAsync(DrillSite site, CancellationToken stop)
    {
        try
        {
            await using var session = await WicSession.BeginAsync(
                site.System.PlanOf(RegistrationScenario.S1, site.NextUser()), new(_ => { }), stop);
            await DrillSite.HeldAsync(session, StudySystem.TurnName, stop);
            return new("given a token", false);
        }
        catch (RefusedException refused)
        {
            return new(refused.Message, refused.Message.Contains("gives no token", StringComparison.Ordinal));
        }
    }

    static async Task<Finding> BeforeTheAnswerAsync(DrillSite site, CancellationToken stop)
    {
        var user = site.NextUser();
        await using var wic = await site.SipAsync($"sip:{DrillSite.Impi(user)}", stop);
        List<SipMessage> answers =
        [
            await wic.OptionsAsync(stop, Ask),
            await wic.RegisterAsync(stop, Ask),
            await wic.OptionsAsync(stop, Ask),
            await wic.RegisterAsync(DrillSite.Impi(user), "wrong", stop, Ask),
            await wic.OptionsAsync(stop, Ask),
        ];
        var given = answers.Count(answer => answer.Has(Give));
        return new(
            $"OPTIONS, REGISTER, OPTIONS, REGISTER with a wrong password, OPTIONS: {Statuses(answers)}; {given} credentials",
            given == 0 && answers.All(answer => answer.Status is 401 or 403));
    }

    static async Task<Finding> AuthDoneAsync(DrillSite site, CancellationToken stop)
    {
        var user = site.NextUser();
        await using var wic = await site.SipAsync($"sip:{DrillSite.Impi(user)}", stop);
        var answer = await wic.RegisterAsync(
            stop, Ask,
            $"Authorization: Digest username=\"{DrillSite.Impi(user)}\",realm=\"{StudySystem.Realm}\",uri=\"sip:{StudySystem.Realm}\","
            + "nonce=\"\",response=\"\",integrity-protected=\"auth-done\"");
        return new($"{answer.Status}", answer.Status == 401 && !answer.Has(Give));
    }

    static async Task<Finding> SlippedInAsync(DrillSite site, CancellationToken stop)
    {
        await using var core = new FalseCore();
        await site.System.UseCoreAsync(core.EndPoint);
        var user = site.NextUser();
        await using var wic = await site.SipAsync($"sip:{DrillSite.Impi(user)}", stop);
        // One who asks for none, and one who gets the eP-CSCF's own.
        SipMessage[] answers = [await wic.RegisterAsync(stop), await wic.RegisterAsync(stop, Ask)];
        var reached = answers.SelectMany(answer => answer.GetAll(Give))
            .Count(header => header.Contains(FalseCore.Name, StringComparison.Ordinal));
        return core.Slipped == 0
            ? throw new RefusedException("The false core was asked nothing.")
            : new($"{Statuses(answers)}; the core's header reached the WIC {reached} times", reached == 0);
    }

    /// <summary>A WebSocket handshake over TCP without TLS: SIP, in which a credential could be asked for, must not come to pass.</summary>
    static async Task<Finding> PlainAsync(DrillSite site, CancellationToken stop)
    {
        if (site.System.PlainW2 is not { } address) throw new RefusedException("The eP-CSCF has no listener without TLS.");
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address, stop);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /w2 HTTP/1.1\r\nHost: edge.ims.example.net\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n"),
            stop);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync(stop);
        var status = line?.Split(' ') is [_, var text, ..] && int.TryParse(text, out var number) ? number : 0;
        return new($"{status} to the handshake", status == 403);
    }

    static async Task<Finding> OutsideOfThePoolAsync(DrillSite site, CancellationToken stop)
    {
        var (within, outside) = (0, 0);
        for (var tried = 0; tried < MostLeases && outside == 0; tried++)
        {
            var (impu, token) = await site.LeaseAsync(stop);
            await using var wic = await site.SipAsync(impu, stop);
            var status = (await wic.RegisterAsync(stop, $"Authorization: Bearer {token}")).Status;
            if (site.System.Believes(impu)) within = status;
            else outside = status;
        }

        return outside == 0
            ? throw new RefusedException("The site lent no identity that is outside of its block.")
            : new($"outside of the block {outside}; within {(within == 0 ? "not tried" : within)}", outside == 403 && within is 0 or 200);
    }

    static async Task<Finding> AnotherWafAsync(DrillSite site, CancellationToken stop)
    {
        try
        {
            await using var session = await WicSession.BeginAsync(
                site.System.PlanOf(RegistrationScenario.S2, UserOfAnotherWaf), new(_ => { }), stop);
            return new("registered", false);
        }
        catch (RefusedException refused)
        {
            return new(refused.Message, refused.Message.Contains("403", StringComparison.Ordinal));
        }
    }

    static async Task<Finding> TwoOfOneLeaseAsync(DrillSite site, CancellationToken stop)
    {
        for (var tried = 0; tried < MostLeases; tried++)
        {
            var (impu, token) = await site.LeaseAsync(stop);
            if (!site.System.Believes(impu)) continue;
            await using var first = await site.SipAsync(impu, stop);
            await using var second = await site.SipAsync(impu, stop);
            List<SipMessage> answers = [];
            foreach (var wic in new[] { first, second }) answers.Add(await wic.RegisterAsync(stop, $"Authorization: Bearer {token}"));
            return new($"the first {answers[0].Status}, the second {answers[1].Status}", answers is [{ Status: 200 }, { Status: 403 }]);
        }

        throw new RefusedException("The site lent no identity of its block.");
    }

    static string Statuses(IEnumerable<SipMessage> answers) => string.Join(", ", answers.Select(answer => answer.Status));
}
