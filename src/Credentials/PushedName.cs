using System.Buffers;

namespace Portunus.Credentials;

/// <summary>The form of a username that an edge makes up (Approach 2): of the characters that RFC 3986 §2.3 calls unreserved, so
/// that it stands in a path as it is, and is never mistaken for a time-limited name, which has a colon.</summary>
public static class PushedName
{
    /// <summary>Of a username and of a registration.</summary>
    public const int Longest = 128;

    const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    static readonly SearchValues<char> Characters = SearchValues.Create(Unreserved);

    static readonly SearchValues<byte> Bytes = SearchValues.Create([.. Unreserved.Select(c => (byte)c)]);

    public static bool Is(ReadOnlySpan<char> text) => text.Length is > 0 and <= Longest && !text.ContainsAnyExcept(Characters);

    public static bool Is(ReadOnlySpan<byte> text) => text.Length is > 0 and <= Longest && !text.ContainsAnyExcept(Bytes);
}
