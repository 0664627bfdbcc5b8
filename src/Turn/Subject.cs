using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Which kind of credential proved who a client is.</summary>
public enum CredentialKind : byte
{
    /// <summary>A name and password that the operator wrote down.</summary>
    Static,

    /// <summary>An expiry and an opaque part, its password computed from a shared secret.</summary>
    TimeLimited,
}

/// <summary>Who is charged for an allocation: a credential's name without the part that changes when it is renewed.</summary>
public readonly record struct Subject(CredentialKind Kind, Bytes Name)
{
    /// <summary>For a line of a log: whoever mints credentials may let users choose names, and a name must not end the line or
    /// speak to a terminal.</summary>
    public override string ToString() => $"{Kind} {string.Concat(Name.ToString().Select(c => char.IsControl(c) ? '\uFFFD' : c))}";
}
