namespace Portunus.Assessment.Results;

/// <summary>How a solution stands in one criterion.</summary>
/// <param name="Solution">As in a cell.</param>
/// <param name="Variant">As in a cell.</param>
/// <param name="Criterion">One of the scorecard's.</param>
/// <param name="Value">From 0, the worst of all solutions, to 1, the best; null where figures are missing.</param>
/// <param name="From">The figure behind it, in words.</param>
public sealed record Score(string Solution, string Variant, string Criterion, double? Value, string From);

/// <summary>A criterion of the scorecard.</summary>
/// <param name="Name">In a word or two.</param>
/// <param name="Asks">What is compared.</param>
/// <param name="Weight">Of the recommendation, unless its reader sets another; 0 to 10.</param>
public sealed record Criterion(string Name, string Asks, int Weight);
