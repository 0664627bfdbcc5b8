namespace Portunus.Waf.Keys;

/// <summary>
/// The life of a key. A new key opens everywhere before it seals anywhere; an old one opens until nothing that it sealed is good.
/// </summary>
/// <param name="Used">How long it makes what is new.</param>
/// <param name="Ahead">How long before that it is shown, so that whoever verifies has it in time.</param>
/// <param name="After">How long after that it is kept, for what it made last.</param>
sealed record RotationTimes(TimeSpan Used, TimeSpan Ahead, TimeSpan After);
