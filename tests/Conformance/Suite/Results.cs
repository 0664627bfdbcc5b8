using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>What came of all checks at one target.</summary>
/// <param name="Declines">The checks that it does not want to pass.</param>
sealed record Results(string Target, IReadOnlyList<Verdict> Verdicts, IReadOnlyCollection<string> Declines)
{
    static readonly Lazy<Results> OfOurs = new(() =>
    {
        using var server = new OurServer();
        return Of(server.Target, slow: false);
    });

    static readonly Lazy<Results> OfCoturn = new(() =>
    {
        using var server = new Coturn();
        return Of(server.Target, slow: false);
    });

    /// <summary>This repository's server; the first who asks waits until the suite has run.</summary>
    public static Results Ours => OfOurs.Value;

    /// <summary>Debian's coturn.</summary>
    public static Results Coturn => OfCoturn.Value;

    public static Results Of(Target target, bool slow) => new(target.Name, Runner.Run(target, Check.All, slow), [.. target.Declines.Keys]);
}
