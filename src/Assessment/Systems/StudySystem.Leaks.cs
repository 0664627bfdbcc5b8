using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portunus.Assessment.Study;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Wic;
using Portunus.Sip;

namespace Portunus.Assessment.Systems;

// What an operator does at the WAF, and what an attacker has who broke into one of the entities; for experiments about security.
public sealed partial class StudySystem
{
    const string SigningPurpose = "access tokens";

    static readonly TimeSpan ForgedLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Where the TURN server itself listens, for who does not come over the emulated link.</summary>
    internal IPEndPoint TurnEndPoint => Stun.Target!;

    /// <summary>As the eP-CSCF and the TURN server have it (Approach 1).</summary>
    internal SharedSecret LeakedSecret => _keys.Secret;

    /// <summary>The key of TURN tokens: of the eP-CSCF in Combined, else of the WAF, by the way by which TURN servers have it.</summary>
    /// <exception cref="RefusedException">The WAF gives none.</exception>
    internal async Task<TokenKey> LeakedTokenKeyAsync()
    {
        if (TurnKeyFetching() is not { } role) return _keys.OfEdge;
        using var certificate = role.Load();
        await using var fetcher = await TurnKeyFetcher.StartAsync(
            new()
            {
                ServerName = TurnName, Certificate = certificate,
                Sources = [.. role.Wafs.Select(waf => new TurnKeySource(waf.Keys, waf.Authorities))],
            },
            _ => { },
            _logs);
        return fetcher.Keys is [var first, ..] ? first.Key : throw new RefusedException("The WAF gives no key of TURN tokens.");
    }

    /// <summary>As <c>portunus user remove</c> does it at a WAF.</summary>
    internal Task RemoveUserAsync(int user) => _access.DeleteUserAsync($"wic{user}");

    /// <summary>Tells the TURN server credentials as who has the eP-CSCF's certificate (Approach 2), and tries each at once: the next
    /// set of the true eP-CSCF, a second later or so, ends them.</summary>
    /// <param name="invented">Each told by itself.</param>
    /// <param name="works">Whether a credential lets its holder in.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>How many worked.</returns>
    internal async Task<int> TellAsEdgeAsync(
        IEnumerable<PushedCredential> invented, Func<PushedCredential, Task<bool>> works, CancellationToken stop)
    {
        // A set of the true eP-CSCF may come in between; then it is told again.
        const int Tries = 3;
        using var edge = TransferNode.Start(Transfer()!, _logs.CreateLogger(EdgeName));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(ReadyPatience);
        var count = 0;
        ulong statement = 0;
        foreach (var one in invented)
        {
            var isIn = false;
            for (var tries = 0; tries < Tries && !isIn && !patience.IsCancellationRequested; tries++)
            {
                // Until it has heard of the server it has nobody to tell.
                while ((await edge.PushAsync(one with { Sequence = ++statement }, [TurnName], patience.Token)).Count == 0
                    && !patience.IsCancellationRequested)
                    await Task.Delay(ReadyPause, stop);
                isIn = await works(one);
            }

            if (isIn) count++;
        }

        return count;
    }

    /// <summary>Registers as anybody, with a token that is signed by the WAF's own key and that no login came before.</summary>
    /// <param name="impi">The private identity.</param>
    /// <param name="impu">The public one.</param>
    /// <param name="isForeign">Whether it is a third party's WAF whose keys these are.</param>
    /// <param name="isOfSite">Whether the token says that it is of the site with the pool, else of the page.</param>
    internal async Task<WicPlan> ForgedPlanAsync(string impi, string impu, bool isForeign, bool isOfSite)
    {
        var (wwsf, scenario) = isOfSite ? (SiteClient, RegistrationScenario.S3) : (PageClient, RegistrationScenario.S2);
        return PlanOf(scenario, user: 0) with
        {
            Tokens = null,
            Agent = new()
            {
                Identity = SipUri.Parse(impu), PrivateIdentity = impi, CredentialRequest = RequestIn(scenario),
                Token = await SignAsync(isForeign ? ForeignIssuer : Issuer, impi, impu, wwsf, scenario == RegistrationScenario.S3 ? 3 : 2),
            },
        };
    }

    /// <summary>RFC 9068, with the claims that a WAF writes for an eP-CSCF.</summary>
    async Task<string> SignAsync(Uri issuer, string impi, string impu, string wwsf, int scenario)
    {
        var now = SystemClock.Now.UnixSeconds;
        var keys = await _access.FindKeysAsync(SigningPurpose, now);
        var used = keys.First(one => one.UsedFrom <= now && now < one.UsedUntil);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(used.Value, out _);
        var signed = Part(new { alg = "ES256", kid = used.Id, typ = "at+jwt" }) + "." + Part(new
        {
            iss = issuer.AbsoluteUri, aud = Realm, sub = impi, jti = Convert.ToHexString(StudyKeys.Draw().Span), client_id = wwsf,
            iat = now, exp = now + (long)ForgedLifetime.TotalSeconds, scope = "ims.register turn", ims_impu = new[] { impu }, wwsf,
            scenario,
        });
        // RFC 7518 §3.4: R and S, 32 bytes each.
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    static string Part(object json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
