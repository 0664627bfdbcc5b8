using System.Security.Cryptography.X509Certificates;

namespace Portunus.Waf.Wwsf;

/// <summary>A site that gives its visitors identities of a pool (registration scenario 3); immutable.</summary>
public sealed record WwsfSettings
{
    /// <summary>Issuer of the WAF, which makes the tokens.</summary>
    public required Uri Waf { get; init; }

    /// <summary>Who signs the WAF's certificate; empty: the authorities of the system.</summary>
    public IReadOnlyList<X509Certificate2> WafAuthorities { get; init; } = [];

    /// <summary>With which the site is a client of the WAF.</summary>
    public required string ClientId { get; init; }

    /// <summary>A secret.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>Public identities, each somebody's for a while; the WAF has them as the client's pool.</summary>
    public required IReadOnlyList<string> Impus { get; init; }

    /// <summary>How long a lease counts without a sign of life. The page renews it, with a new token, at half of that.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after its end an identity stays reserved for who had it.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether a visitor needs no login.</summary>
    public bool AllowsGuests { get; init; }

    /// <summary>New guests that one address (of IPv6: one /64) may bring within <see cref="LeaseTime"/>.</summary>
    public int GuestsPerAddress { get; init; } = 5;

    /// <summary>The site's own users: name and hash of the password, as <see cref="Authorize.Passwords"/> makes it.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>Wrong passwords that a user, and that an address, may send before it has to wait.</summary>
    public int FreeFailures { get; init; } = 5;

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"WWSF {ClientId}";

    /// <exception cref="ArgumentException">A setting cannot be; the message says what to write instead.</exception>
    public void Check()
    {
        if (Impus.Count == 0) throw new ArgumentException("A pool has one identity at least.");
        if (Impus.Distinct().Count() != Impus.Count) throw new ArgumentException("An identity is in a pool once.");
        if (LeaseTime < TimeSpan.FromMinutes(1) || LeaseTime > TimeSpan.FromHours(1))
            throw new ArgumentException("A lease counts for 1 to 60 minutes.");
        if (Grace < TimeSpan.Zero) throw new ArgumentException("A grace time is not negative.");
        if (!AllowsGuests && Users.Count == 0)
            throw new ArgumentException("Nobody could use the pool: allow guests, or name users.");
    }
}
