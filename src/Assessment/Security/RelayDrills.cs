using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portunus.Assessment.Study;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Stun;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>What is tried at the TURN server, with a credential that was good or is another's.</summary>
static class RelayDrills
{
    /// <summary>Within it a relay that is to end at once has ended, on a busy machine, too.</summary>
    static readonly TimeSpan Cut = TimeSpan.FromSeconds(10);

    /// <summary>For so long a relay that nobody ends is looked at.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<Drill> All { get; } =
    [
        new(6, way => way.Solution == "A1", ExpiredAsync),
        new(7, way => way.Solution == "A1", EditedAsync),
        new(10, _ => true, ReplayedAsync),
        new(11, _ => true, AnothersNonceAsync),
        new(12, way => way.Solution is not "S0", DeregisteredAsync),
        new(12, way => way.Solution == "OAuth", (site, stop) => RevokedAsync(site, isTold: false, stop)) { Setting = AtWaf },
    ];

    /// <summary>The same in a system that has the revocation feed: of the eP-CSCF, which gave the credential, or of the WAF.</summary>
    public static IEnumerable<Drill> WithFeed { get; } =
    [
        new(12, way => way.Solution is "A1" or "Combined", DeregisteredWithFeedAsync) { Setting = "feed=on" },
        new(12, way => way.Solution == "OAuth", (site, stop) => RevokedAsync(site, isTold: true, stop)) { Setting = $"{AtWaf} feed=on" },
    ];

    const string AtWaf = "another password at the WAF";

    static async Task<Finding> ExpiredAsync(DrillSite site, CancellationToken stop)
    {
        var now = SystemClock.Now.UnixSeconds;
        var fresh = await site.TryAsync(Minted(site, now + 60), stop);
        // The second that it names counts, and the clock may just have left it.
        var expired = await site.TryAsync(Minted(site, now - 2), stop);
        return new($"{expired}, two seconds after it ran out; {fresh} before", expired.Is(ErrorCode.Unauthenticated) && fresh.IsSuccess);
    }

    static TurnClientSettings Minted(DrillSite site, long expiry)
    {
        var minted = TimeLimitedCredential.Mint(site.System.Keys.Secret, expiry, "0123456789abcdef");
        return new() { Username = minted.Username, Password = minted.Password };
    }

    static async Task<Finding> EditedAsync(DrillSite site, CancellationToken stop)
    {
        await using var session = await site.SignInAsync(stop);
        var shown = await DrillSite.ShownAsync(session, stop);
        if (!TimeLimitedCredential.TryReadExpiry(Encoding.UTF8.GetBytes(shown.Username), out var expiry))
            throw new RefusedException("The username carries no expiry.");
        var later = $"{expiry + 86_400}{shown.Username[shown.Username.IndexOf(':', StringComparison.Ordinal)..]}";
        var edited = await site.TryAsync(shown with { Username = later }, stop);
        return new($"{edited}", edited.Is(ErrorCode.Unauthenticated));
    }

    static async Task<Finding> ReplayedAsync(DrillSite site, CancellationToken stop)
    {
        await using var session = await site.SignInAsync(stop);
        var shown = await DrillSite.ShownAsync(session, stop);
        // Without the emulated link, which would hide the other address.
        using var owner = new TurnProbe(site.System.TurnAddress, shown);
        await owner.ChallengeAsync(stop);
        var captured = owner.Allocation();
        var first = await owner.SendAsync(captured, stop);
        using var otherPort = new TurnProbe(site.System.TurnAddress, shown);
        var fromPort = await otherPort.SendAsync(captured, stop);
        var (fromAddress, where) = await FromElsewhereAsync(site, shown, captured, stop);
        await owner.RefreshAsync(0, stop);
        return new(
            $"{first} to its owner; {fromPort} to another port; {where}",
            first.IsSuccess && fromPort.Is(ErrorCode.StaleNonce) && fromAddress?.Is(ErrorCode.StaleNonce) is not false);
    }

    static async Task<(TurnSaid? Said, string Where)> FromElsewhereAsync(
        DrillSite site, TurnClientSettings shown, byte[] captured, CancellationToken stop)
    {
        try
        {
            using var thief = new TurnProbe(site.System.TurnAddress, shown, IPAddress.Parse("127.0.0.2"));
            var said = await thief.SendAsync(captured, stop);
            return (said, $"{said} to another address");
        }
        catch (SocketException)
        {
            return (null, "another address was not tried, this machine has none");
        }
    }

    static async Task<Finding> AnothersNonceAsync(DrillSite site, CancellationToken stop)
    {
        await using var session = await site.SignInAsync(stop);
        var shown = await DrillSite.ShownAsync(session, stop);
        using var first = site.Probe(shown);
        using var second = new TurnProbe(site.System.Stun.EndPoint, shown) { FollowsNonces = false };
        await first.ChallengeAsync(stop);
        second.TakeNonce(first);
        var stolen = await second.SendAsync(second.Allocation(), stop);
        // Its own it may use again and again, until it is old.
        var own = await first.SendAsync(first.Allocation(), stop);
        var again = await first.RefreshAsync(0, stop);
        return new(
            $"{stolen} to the other client; {own} and {again} to its own",
            stolen.Is(ErrorCode.StaleNonce) && own.IsSuccess && again.IsSuccess);
    }

    static async Task<Finding> DeregisteredAsync(DrillSite site, CancellationToken stop)
    {
        var isTold = site.Way.Solution == "A2";
        var (ended, again) = await DeregisterAsync(site, isTold ? Cut : Look, stop);
        return isTold
            ? new(Said(ended, again), ended is not null && !again.IsSuccess)
            : new($"{Said(ended, again)}, for the credential's life", ended is null && again.IsSuccess);
    }

    static async Task<Finding> DeregisteredWithFeedAsync(DrillSite site, CancellationToken stop)
    {
        var (ended, again) = await DeregisterAsync(site, Cut, stop);
        return new(Said(ended, again), ended is not null && !again.IsSuccess);
    }

    /// <summary>A WAF hears of no SIP registration: what it gave ends by what is done at the WAF.</summary>
    static async Task<Finding> RevokedAsync(DrillSite site, bool isTold, CancellationToken stop)
    {
        var user = site.NextUser();
        var (ended, again) = await EndAsync(
            site, user, session => site.System.ChangePasswordAsync(user), isTold ? Cut : Look, stop);
        return new(Said(ended, again), ended is not null == isTold && again.IsSuccess != isTold);
    }

    static string Said(TurnSaid? ended, TurnSaid again) =>
        $"{(ended is null ? "the relay runs on" : $"the relay has ended ({ended})")}; {again} to a new Allocate";

    /// <summary>A user signs off.</summary>
    static Task<(TurnSaid? Ended, TurnSaid Again)> DeregisterAsync(DrillSite site, TimeSpan wait, CancellationToken stop) =>
        EndAsync(site, site.NextUser(), session => session.DisposeAsync().AsTask(), wait, stop);

    /// <summary>What ended the relay of a user to whom something happens, null when nothing did for a while; and what a new Allocate
    /// gets.</summary>
    static async Task<(TurnSaid? Ended, TurnSaid Again)> EndAsync(
        DrillSite site, int user, Func<WicSession, Task> happensAsync, TimeSpan wait, CancellationToken stop)
    {
        await using var session = await site.SignInAsync(user, stop);
        var shown = await DrillSite.ShownAsync(session, stop);
        using var client = site.Probe(shown);
        var said = await client.AllocateAsync(stop);
        if (!said.IsSuccess) throw new RefusedException($"There was no relay to end ({said}).");
        await happensAsync(session);
        TurnSaid? ended = null;
        for (var began = Stopwatch.GetTimestamp(); ended is null && Stopwatch.GetElapsedTime(began) < wait;)
        {
            await Task.Delay(Pause, stop);
            if (await client.RefreshAsync(600, stop) is { IsHeard: true, IsSuccess: false } refused) ended = refused;
        }

        using var other = site.Probe(shown);
        return (ended, await other.AllocateAsync(stop));
    }
}
