using Portunus.Store;

namespace Portunus.Server.Configuration;

/// <summary>A subscriber of the home core: IMPI <c>name@DOMAIN</c>, IMPU <c>sip:name@DOMAIN</c>.</summary>
[Says("A subscriber: private identity NAME@DOMAIN, public identity sip:NAME@DOMAIN.")]
sealed record SubscriberSection
{
    [Says("The user part of its identities."), Form(nameof(Forms.UserName), "alice")]
    public required string Name { get; init; }

    [Says("\"@file\", \"env:NAME\", or the password itself; only hashes of it are kept."), Form(nameof(Forms.Secret), "@password")]
    public required Secret Password { get; init; }

    [Says("The digest algorithms that are offered; JsSIP knows MD5 alone."), OneOf("md5", "sha-256")]
    public IReadOnlyList<string> Algorithms { get; init; } = ["md5"];

    public SubscriberRecord ToRecord(string domain) => SubscriberRecord.WithPassword(
        $"{Name}@{domain}", [$"sip:{Name}@{domain}"], domain, Password.Value,
        (Algorithms.Contains("md5") ? DigestAlgorithms.Md5 : 0) | (Algorithms.Contains("sha-256") ? DigestAlgorithms.Sha256 : 0));
}
