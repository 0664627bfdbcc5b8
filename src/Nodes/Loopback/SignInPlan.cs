using System.Net;
using Portunus.Store;
using Portunus.Waf;

namespace Portunus.Nodes.Loopback;

/// <summary>Who signs whom in: the WAF's name, the page as its client, and the site with its pool.</summary>
sealed class SignInPlan
{
    /// <summary>Clients of the WAF: the page (scenario 2), and the site that has the pool (scenario 3).</summary>
    public const string PageId = "portunus-page", SiteId = "portunus-site";

    /// <param name="settings">Names the subscribers, whose names the pool leaves alone.</param>
    /// <param name="page">Also the issuer: the WAF is on the same ports.</param>
    /// <param name="http">Port of the web server.</param>
    /// <param name="https">The same over TLS.</param>
    public SignInPlan(LoopbackSettings settings, Uri page, int http, int https)
    {
        Issuer = page;
        Reached = new(IPAddress.Loopback, http);
        Secure = new($"https://localhost:{https}/");
        Origins = OriginsOf(http, https);
        var taken = settings.Subscribers.SelectMany(one => one.Impus.Prepend($"sip:{one.Impi}"))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Impus = [.. Free("guest").Take(settings.Guests)];
        Impi = Free("pool").First()["sip:".Length..];

        IEnumerable<string> Free(string name) => Enumerable.Range(1, int.MaxValue)
            .Select(number => $"sip:{name}{number}@{settings.Realm}").Where(impu => !taken.Contains(impu));
    }

    /// <summary>As tokens name it.</summary>
    public Uri Issuer { get; }

    /// <summary>Where edge and site reach the WAF.</summary>
    public IPEndPoint Reached { get; }

    /// <summary>The same WAF over TLS, as a challenge has to name it.</summary>
    public Uri Secure { get; }

    /// <summary>Pages of this server under each of its three names.</summary>
    public HashSet<string> Origins { get; }

    /// <summary>The pool's public identities.</summary>
    public IReadOnlyList<string> Impus { get; }

    /// <summary>The private identity that they share.</summary>
    public string Impi { get; }

    /// <summary>The subscription of the pool: each identity is registered apart, and none has a password.</summary>
    public SubscriberRecord Pool => new(Impi, [Impus[0]], null) { MoreSets = [.. Impus.Skip(1).Select(impu => new[] { impu })] };

    /// <param name="siteSecret">With which the site authenticates.</param>
    public IReadOnlyList<WafClient> Clients(string siteSecret) =>
    [
        new()
        {
            Id = PageId, Name = "Portunus telephone", IsFirstParty = true,
            RedirectUris = [.. Origins.Select(origin => new Uri($"{origin}/"))],
            Scopes = [Scopes.Register, Scopes.Turn, Scopes.Offline],
        },
        new() { Id = SiteId, Name = "Portunus guests", Secret = siteSecret, MayActAlone = true, Pool = new(Impi, Impus) },
    ];

    static HashSet<string> OriginsOf(int http, int https) =>
    [
        .. new[] { "localhost", "127.0.0.1", "[::1]" }
            .SelectMany(host => new[] { Origin("http", host, http), Origin("https", host, https) }),
    ];

    /// <summary>As browsers write it: without the port that the scheme has anyway (RFC 6454 §6.2).</summary>
    static string Origin(string scheme, string host, int port) =>
        (scheme, port) is ("http", 80) or ("https", 443) ? $"{scheme}://{host}" : $"{scheme}://{host}:{port}";
}
