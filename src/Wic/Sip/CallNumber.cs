namespace Portunus.Wic;

/// <summary>Names one call of one user agent, made or received; never used again.</summary>
public readonly record struct CallNumber(ulong Value)
{
    public override string ToString() => $"call {Value}";
}
