using Portunus.Sip;

namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>
/// One subscription of the HSS: a private identity, its password, and the public identities that are registered as one.
/// </summary>
/// <param name="Name">The user part of the public identity, and of the private one unless that is set.</param>
/// <param name="Domain">Of the home network.</param>
/// <param name="Password">Of SIP Digest.</param>
sealed record Subscriber(string Name, string Domain, string Password)
{
    /// <summary>IMPI.</summary>
    public string PrivateIdentity
    {
        get => field ?? $"{Name}@{Domain}";
        init;
    }

    /// <summary>The default IMPU.</summary>
    public string PublicIdentity => $"sip:{Name}@{Domain}";

    /// <summary>A tel URI of the same implicit registration set; null when there is none.</summary>
    public string? Telephone { get; init; }

    /// <summary>Which WAF, serving which WWSF (null for any), may register this subscription; empty when all may.</summary>
    public IReadOnlyList<(string Waf, string? Wwsf)> AllowedWafs { get; init; } = [];

    public IEnumerable<string> PublicIdentities => Telephone is null ? [PublicIdentity] : [PublicIdentity, Telephone];

    /// <summary>H(A1) in hex, as Digest-HA1 carries it.</summary>
    public string Ha1 => Convert.ToHexStringLower(
        DigestSecret.Of(DigestAlgorithm.Md5, PrivateIdentity, Domain, Password).ToBytes());

    public override string ToString() => PrivateIdentity;
}
