using System.Text;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>How the home core is set: immutable, validated whole by <see cref="Validated"/>.</summary>
public sealed record CscfSettings
{
    /// <summary>The domain of the subscribers; also their digest realm.</summary>
    public required string HomeDomain { get; init; }

    /// <summary>This core's own host, with its port if it is not 5060: stands in Service-Route, Record-Route and Via.</summary>
    public required string Host { get; init; }

    /// <summary>What its Via says of Mw: TCP, or UDP, which makes the transactions retransmit.</summary>
    public string Transport { get; init; } = "TCP";

    /// <summary>At least 32 random bytes; seals nonces.</summary>
    public required Bytes NonceKey { get; init; }

    /// <summary>
    /// The algorithms of a challenge to a name that nobody has: those that subscribers are offered, or it tells who exists.
    /// </summary>
    public IReadOnlyList<DigestAlgorithm> UnknownAreOffered { get; init; } = [DigestAlgorithm.Md5];

    /// <summary>How long a nonce is good (RFC 7616 §3.3): one registration's worth of retries, not more.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest registration; a longer wish is shortened (RFC 3261 §10.3 step 7).</summary>
    public TimeSpan LongestExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The shortest; a shorter wish is answered 423 with Min-Expires.</summary>
    public TimeSpan ShortestExpiry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest subscription to reg events: an edge asks for more than the registration that it watches.</summary>
    public TimeSpan LongestSubscription { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long the HSS may take.</summary>
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Bindings of one subscriber: the next displaces what ends first. More windows than one has open, and those that broke
    /// within the grace of the edge; a call rings at all of them.
    /// </summary>
    public int BindingsPerIdentity { get; init; } = 32;

    /// <summary>Bindings in all; the next is answered 503.</summary>
    public int Bindings { get; init; } = 100_000;

    /// <summary>Subscriptions to reg events; the next is answered 503.</summary>
    public int Watchers { get; init; } = 100_000;

    /// <summary>Of those, to one registration set: the edges that it came by, and windows that are curious.</summary>
    public int WatchersPerIdentity { get; init; } = 64;

    /// <summary>Answered nonces that are remembered until they are stale; an answer to one more is a 503.</summary>
    public int Nonces { get; init; } = 100_000;

    /// <summary>
    /// Wrong answers for one name within <see cref="GuessWindow"/>; after them all answers but those of who is registered are
    /// 503 until it ends. A person mistypes a few times, a program tries thousands.
    /// </summary>
    public int Guesses { get; init; } = 10;

    /// <summary>Short, since others can close it to a name's owner, too.</summary>
    public TimeSpan GuessWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Names whose wrong answers are counted at a time; one more takes the place of the oldest.</summary>
    public int GuessedNames { get; init; } = 10_000;

    /// <summary>Requests under way at once; the next is answered 503.</summary>
    public int Transactions { get; init; } = 50_000;

    /// <summary>Questions open at once; a request that needs one more is answered 503.</summary>
    public int Questions { get; init; } = 10_000;

    /// <summary>What a 503 tells the WIC to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>These settings, or a message that says what to write instead.</summary>
    /// <exception cref="ArgumentException">A value cannot work.</exception>
    public CscfSettings Validated()
    {
        if (NonceKey.Length < 32) throw new ArgumentException("The nonce key needs at least 32 random bytes.");
        if (!HostPort.TryParse(Encoding.UTF8.GetBytes(Host), out _))
            throw new ArgumentException($"\"{Host}\" is not a host or host:port; write where the edge reaches the core.");
        if (!HostPort.TryParse(Encoding.UTF8.GetBytes(HomeDomain), out var home) || home.Port is not null)
            throw new ArgumentException($"\"{HomeDomain}\" is not a domain; write it as in ims.example.net.");
        if (Transport is not ("UDP" or "TCP")) throw new ArgumentException($"\"{Transport}\" towards the edge; write UDP or TCP.");
        if (ShortestExpiry > LongestExpiry) throw new ArgumentException("The shortest registration is longer than the longest.");
        if (RetryAfter < TimeSpan.FromSeconds(1)) throw new ArgumentException("Retry-After is a second at least.");
        if (UnknownAreOffered.Count == 0) throw new ArgumentException("A challenge needs an algorithm.");
        if (LongestSubscription < ShortestExpiry) throw new ArgumentException("The longest subscription is too short for any.");
        if (BindingsPerIdentity < 1 || Bindings < 1 || Nonces < 1 || Transactions < 1 || Questions < 1 || Watchers < 1
            || WatchersPerIdentity < 1 || Guesses < 1 || GuessedNames < 1)
            throw new ArgumentException("No bound is below one.");
        return this;
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"core {Host} of {HomeDomain}";
}
