using Portunus.Store;

namespace Portunus.Server.Configuration;

/// <summary>A subscriber of the home core: IMPI <c>name@DOMAIN</c>, IMPU <c>sip:name@DOMAIN</c>.</summary>
[Says("A subscriber: private identity NAME@DOMAIN, public identity sip:NAME@DOMAIN.")]
sealed record SubscriberSection
{
    [Says("The user part of its identities."), Form(nameof(Forms.UserName), "alice")]
    public required string Name { get; init; }

    [Says("\"@file\", \"env:NAME\", or the password itself; only hashes of it are kept. When left out, access tokens alone " +
          "register."),
     Form(nameof(Forms.Secret), "@password")]
    public Secret? Password { get; init; }

    [Says("The digest algorithms that are offered; JsSIP knows MD5 alone."), OneOf("md5", "sha-256")]
    public IReadOnlyList<string> Algorithms { get; init; } = ["md5"];

    [Says("Public identities of a pool, in the place of its own, each registered apart (scenario 3)."),
     Form(nameof(Forms.Identity), "sip:web1@ims.example.net")]
    public IReadOnlyList<string> Pool { get; init; } = [];

    [Says("Third parties that may have signed it in, as tokens.wafs.entity names them; whom the edge trusts when left out.")]
    public IReadOnlyList<string>? AllowedWebFunctions { get; init; }

    public SubscriberRecord ToRecord(string domain)
    {
        var (impi, impus) = ($"{Name}@{domain}", Pool.Count > 0 ? Pool.Take(1).ToArray() : [$"sip:{Name}@{domain}"]);
        var record = Password is { } password
            ? SubscriberRecord.WithPassword(
                impi, impus, domain, password.Value,
                (Algorithms.Contains("md5") ? DigestAlgorithms.Md5 : 0)
                | (Algorithms.Contains("sha-256") ? DigestAlgorithms.Sha256 : 0))
            : new SubscriberRecord(impi, impus, null);
        return record with
        {
            MoreSets = [.. Pool.Skip(1).Select(impu => new[] { impu })], AllowedWebFunctions = AllowedWebFunctions,
        };
    }
}
