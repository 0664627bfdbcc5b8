using System.CommandLine;
using Portunus.Nodes.Wic;

namespace Portunus.Server.Commands;

/// <summary>
/// The flags by which <c>portunus wic</c> comes by access tokens: of a WAF (scenario 2), or of a site with a pool (3).
/// </summary>
static class WicAccess
{
    static readonly Option<Uri?> Waf = Flag.One<Uri?>(
        "--waf", "URL", "The WAF's issuer: sign in there, and show its token to the edge (scenario 2).",
        WicFlags.ReadWeb, () => null);

    static readonly Option<string?> Client = Flag.One<string?>(
        "--waf-client", "ID", "What this client is called at the WAF.", Flag.Text, () => null);

    static readonly Option<string?> Secret = Flag.One<string?>(
        "--waf-secret", "@FILE|env:NAME|SECRET",
        "A machine's secret: it exchanges the token of --token for one of its own, or without --token speaks for itself alone.",
        Flag.Text, () => null);

    static readonly Option<string?> User = Flag.One<string?>(
        "--waf-user", "NAME", "Fill in the login form of a Portunus WAF; without it, sign in by a browser.", Flag.Text, () => null);

    static readonly Option<string?> Password = Flag.One<string?>(
        "--waf-password", "@FILE|env:NAME|PASSWORD", "The password that goes with --waf-user.", Flag.Text, () => null);

    static readonly Option<Uri?> Redirect = Flag.One<Uri?>(
        "--waf-redirect", "URI", "This client's redirect URI as the WAF knows it (http://127.0.0.1:8765/).",
        WicFlags.ReadRedirect, () => null);

    static readonly Option<string?> Scope = Flag.One<string?>(
        "--waf-scope", "WORDS", "What the token is to be good for (\"ims.register turn\").", Flag.Text, () => null);

    static readonly Option<Uri?> Site = Flag.One<Uri?>(
        "--wwsf", "URL", "A site that lends identities of its pool, with a token (scenario 3); --user is not needed.",
        WicFlags.ReadWeb, () => null);

    static readonly Option<string?> SiteUser = Flag.One<string?>(
        "--wwsf-user", "NAME", "A user of the site; without it, a guest.", Flag.Text, () => null);

    static readonly Option<string?> SitePassword = Flag.One<string?>(
        "--wwsf-password", "@FILE|env:NAME|PASSWORD", "The password that goes with --wwsf-user.", Flag.Text, () => null);

    public static IReadOnlyList<Option> Flags { get; } =
        [Waf, Client, Secret, User, Password, Redirect, Scope, Site, SiteUser, SitePassword];

    /// <summary>Null when none of the flags is given.</summary>
    /// <param name="line">With the flags.</param>
    /// <param name="token">The value of --token, which a machine exchanges, or shows to the WAF for TURN tokens.</param>
    /// <param name="relaysByWaf">Whether TURN tokens are the WAF's.</param>
    /// <exception cref="WrongUsageException">The flags do not go together.</exception>
    public static AccessPlan? Read(ParseResult line, string? token, bool relaysByWaf)
    {
        var (waf, site, client) = (line.GetValue(Waf), line.GetValue(Site), line.GetValue(Client));
        var (secret, user, password) = (line.GetValue(Secret), line.GetValue(User), line.GetValue(Password));
        var (siteUser, sitePassword) = (line.GetValue(SiteUser), line.GetValue(SitePassword));
        if (waf is null && (client ?? secret ?? user ?? password) is not null)
            throw new WrongUsageException("Which WAF? Write --waf https://HOST/.");
        if (waf is null && relaysByWaf) throw new WrongUsageException("With --credential waf name the WAF: --waf https://HOST/.");
        if (site is null && (siteUser ?? sitePassword) is not null)
            throw new WrongUsageException("Which site? Write --wwsf https://HOST/.");
        if (user is null != password is null) throw new WrongUsageException("--waf-user and --waf-password go together.");
        if (siteUser is null != sitePassword is null)
            throw new WrongUsageException("--wwsf-user and --wwsf-password go together.");
        if (waf is null && site is null) return null;
        if (site is not null && (token ?? client ?? secret ?? user) is not null)
            throw new WrongUsageException("With --wwsf the site gives the token; leave --token and --waf-client out.");
        if (secret is not null && user is not null) throw new WrongUsageException("Give one of --waf-secret and --waf-user.");
        if (site is null && client is null && token is null)
            throw new WrongUsageException("Who asks the WAF? Write --waf-client ID.");
        if (token is not null && secret is null && (client ?? user) is not null)
            throw new WrongUsageException(
                "--token is there already; leave --waf-client out, or exchange it by --waf-secret @FILE.");
        var plan = new AccessPlan
        {
            Waf = waf, Client = client, User = user, Site = site, SiteUser = siteUser, RelaysByWaf = relaysByWaf,
            ClientSecret = ReadSecret(secret, "--waf-secret"),
            Password = ReadSecret(password, "--waf-password"),
            SitePassword = ReadSecret(sitePassword, "--wwsf-password"),
            Token = token is null ? null : ReadToken(token),
            Show = uri => Console.Error.WriteLine($"sign in at {uri}"),
        };
        // A machine alone is nobody in the IMS: it is refused what it does not ask for.
        var scope = line.GetValue(Scope) ?? (secret is not null && token is null ? "turn" : plan.Scope);
        return plan with { Redirect = line.GetValue(Redirect) ?? plan.Redirect, Scope = scope };
    }

    public static string ReadToken(string value) => WicFlags.ReadToken(SecretText.Read("--token", value, Warnings.Write));

    static string? ReadSecret(string? value, string flag) =>
        value is null ? null : SecretText.Read(flag, value, Warnings.Write);
}
