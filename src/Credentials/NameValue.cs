namespace Portunus.Credentials;

/// <summary>One parameter of a header, as name and value, without the marks that carry them on a wire.</summary>
/// <param name="Name">Compared without case.</param>
/// <param name="Value">Unquoted.</param>
/// <param name="Quoted">Whether it is written in quotation marks; reading takes both.</param>
public readonly record struct NameValue(string Name, string Value, bool Quoted = true)
{
    /// <summary>The name only: a value may be a secret.</summary>
    public override string ToString() => Name;
}
