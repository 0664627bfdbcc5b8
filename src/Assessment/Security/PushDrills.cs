using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portunus.Assessment.Links;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Stun;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>What goes wrong between an eP-CSCF and a TURN server that it tells of credentials, or that asks it (drill 13).</summary>
static class PushDrills
{
    const int Number = 13;

    /// <summary>An edge waits for half a second; what comes later is late.</summary>
    const double LateMs = 1500;

    /// <summary>A client asks so long for what it has not got.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<Drill> All { get; } =
    [
        new(Number, way => way.Solution == "A2", LostAsync) { Setting = "lost" },
        new(Number, way => way.Solution == "A2", LateAsync) { Setting = "late" },
        new(Number, way => way == Way.A2Push || way == Way.A2Pull, OvertakenAsync) { Setting = "doubled, overtaken" },
    ];

    /// <summary>On which an Allocate or a registration waits for the other.</summary>
    static StreamLink LinkOf(StudySystem system) => system.Way switch
    {
        _ when system.Way == Way.A2Pull => system.Fetch,
        _ when system.Way == Way.A2Integrated => system.Control,
        _ => system.Credentials,
    };

    /// <summary>While nothing comes through, a WIC may have no credential, or one that is refused; never one that is another's. Then
    /// all is as before.</summary>
    static async Task<Finding> LostAsync(DrillSite site, CancellationToken stop)
    {
        var link = LinkOf(site.System);
        var target = link.Target;
        string lost;
        var isRelay = false;
        await using var session = await CutAsync();
        try
        {
            (lost, isRelay) = await TryAsync(site, session, stop);
        }
        finally
        {
            link.Target = target;
        }

        var after = await UntilRelayedAsync(site, session, stop);
        return new($"while it is lost {lost}; {Later(after)}", !isRelay && after is not null) { Value = after, Unit = "s" };

        async Task<WicSession> CutAsync()
        {
            link.Target = null;
            link.Cut();
            try
            {
                return await site.SignInAsync(stop);
            }
            catch
            {
                link.Target = target;
                throw;
            }
        }
    }

    static async Task<Finding> LateAsync(DrillSite site, CancellationToken stop)
    {
        var model = site.System.Model;
        var network = model.Network;
        model.Network = network with { Links = network.Links.SetItem(LinkOf(site.System).Name, LateMs) };
        try
        {
            await using var session = await site.SignInAsync(stop);
            var (late, _) = await TryAsync(site, session, stop);
            model.Network = network;
            var after = await UntilRelayedAsync(site, session, stop);
            return new($"at {LateMs / 1000:0.#} s of round trip {late}; {Later(after)}", after is not null) { Value = after, Unit = "s" };
        }
        finally
        {
            model.Network = network;
        }
    }

    static string Later(double? after) => after is null
        ? $"and it did not relay within {Patience.TotalSeconds:0} s after it"
        : "afterwards it relays";

    static async Task<(string Said, bool IsRelay)> TryAsync(DrillSite site, WicSession session, CancellationToken stop)
    {
        if (session.Credential is null) return ("the WIC is registered and has no credential", false);
        var said = await site.TryAsync(TurnAccess.Of(session.Credential).Credential, stop);
        return ($"its credential is answered {said}", said.IsSuccess);
    }

    /// <summary>Seconds until a client that goes on asking relays; null when it does not come.</summary>
    static async Task<double?> UntilRelayedAsync(DrillSite site, WicSession session, CancellationToken stop)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience; await Task.Delay(Pause, stop))
        {
            try
            {
                if (session.Credential is null) await session.RenewAsync(stop);
                var said = await site.TryAsync(session.Access().Credential, stop);
                if (said.IsSuccess) return Stopwatch.GetElapsedTime(began).TotalSeconds;
            }
            catch (RefusedException)
            {
                // Not yet.
            }
        }

        return null;
    }

    /// <summary>The statements themselves, as a network or an edge that lost count could send them, at the TURN server's
    /// listener.</summary>
    static async Task<Finding> OvertakenAsync(DrillSite site, CancellationToken stop)
    {
        using var http = new HttpClient(StudyHttp.Showing(site.System.EdgeCertificate()))
        {
            BaseAddress = new($"https://localhost:{site.System.Credentials.EndPoint.Port}/v1/"),
        };
        var last = await LastAsync(http, stop);
        const string name = "drill-13";
        var told = await SayAsync(http, name, "old", last + 2, stop);
        var doubled = await SayAsync(http, name, "old", last + 2, stop);
        var newer = await SayAsync(http, name, "new", last + 4, stop);
        var overtaken = await SayAsync(http, name, "old", last + 3, stop);
        // Only the newest counts.
        var old = await site.TryAsync(new() { Username = name, Password = "old" }, stop);
        var current = await site.TryAsync(new() { Username = name, Password = "new" }, stop);
        using var withdrawn = await http.DeleteAsync($"{Path(name)}?sequence={last + 6}", stop);
        var late = await SayAsync(http, name, "new", last + 5, stop);
        var after = await site.TryAsync(new() { Username = name, Password = "new" }, stop);
        return new(
            $"PUT {told}, the same again {doubled}, a newer {newer}, one that it overtook {overtaken}: Allocate {current}, with the old "
            + $"password {old}; DELETE {(int)withdrawn.StatusCode}, a PUT from before it {late}: Allocate {after}",
            current.IsSuccess && old.Is(ErrorCode.Unauthenticated) && after.Is(ErrorCode.Unauthenticated)
            && (told, doubled, newer, overtaken, late) is (201, 200, 200, 409, 409));
    }

    /// <summary>A number above which a statement of this edge is heard: a first one is heard, or told the number.</summary>
    static async Task<ulong> LastAsync(HttpClient http, CancellationToken stop)
    {
        using var answer = await PutAsync(http, "drill-13-first", "any", 1, stop);
        if (answer.StatusCode != HttpStatusCode.Conflict) return 1;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        return problem.GetProperty("sequence").GetUInt64();
    }

    static async Task<int> SayAsync(HttpClient http, string name, string password, ulong sequence, CancellationToken stop)
    {
        using var answer = await PutAsync(http, name, password, sequence, stop);
        return (int)answer.StatusCode;
    }

    static Task<HttpResponseMessage> PutAsync(HttpClient http, string name, string password, ulong sequence, CancellationToken stop)
    {
        byte[] KeyOf(PasswordAlgorithm algorithm) => LongTermKey.Derive(
            algorithm, Bytes(name), Bytes(StudySystem.Realm), Bytes(password)).Span.ToArray();
        return http.PutAsJsonAsync(
            Path(name),
            new
            {
                keyMd5 = Convert.ToHexStringLower(KeyOf(PasswordAlgorithm.Md5)),
                keySha256 = Convert.ToHexStringLower(KeyOf(PasswordAlgorithm.Sha256)),
                expires = SystemClock.Now.UnixSeconds / 1000 * 1000 + 3000,
                registration = name,
                sequence,
            },
            stop);
    }

    static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    static string Path(string name) => $"realms/{StudySystem.Realm}/credentials/{name}";
}
