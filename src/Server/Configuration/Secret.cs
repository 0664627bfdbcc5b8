namespace Portunus.Server.Configuration;

/// <summary>A secret out of a file, a variable or the configuration; written nowhere.</summary>
/// <param name="value">What it is.</param>
sealed class Secret(string value)
{
    public string Value { get; } = value;

    public override string ToString() => "(secret)";
}
