using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// A block of public identities: one of them, or a wildcarded one (TS 23.003 §13.4B) of the form
/// <c>sip:web!.*!@ims.example.net</c>, whose middle is any name.
/// </summary>
public sealed class IdentityBlock
{
    const string Wildcard = "!.*!";

    // RFC 3986 unreserved: nothing that could end a user part or begin another host.
    static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    readonly string _before;
    readonly string? _after;

    IdentityBlock(string before, string? after) => (_before, _after) = (before, after);

    /// <summary>False for what is neither a sip URI nor one with a wildcard between its name and its host.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IdentityBlock? block)
    {
        block = null;
        var at = text.IndexOf(Wildcard, StringComparison.Ordinal);
        if (at < 0)
        {
            if (SipUri.TryParse(text, out var one) && one.User is not null) block = new(one.AddressOfRecord, null);
            return block is not null;
        }

        // Written and compared as an address-of-record: the wildcard stands for one letter while the rest is read.
        var (before, after) = (text[..at], text[(at + Wildcard.Length)..]);
        if (!after.StartsWith('@') || !SipUri.TryParse($"{before}x{after}", out var uri) || uri.User is null) return false;
        var whole = uri.AddressOfRecord;
        var name = whole.IndexOf('@') - 1;
        if (name < 1 || whole[name] != 'x') return false;
        block = new(whole[..name], whole[(name + 1)..]);
        return true;
    }

    /// <exception cref="FormatException">See <see cref="TryParse"/>.</exception>
    public static IdentityBlock Parse(string text) => TryParse(text, out var block)
        ? block
        : throw new FormatException(
            $"\"{text}\" is no block of identities; write sip:web1@ims.example.net or sip:web!.*!@ims.example.net.");

    /// <param name="addressOfRecord">As <see cref="SipUri.AddressOfRecord"/> gives it.</param>
    public bool Contains(string addressOfRecord)
    {
        if (_after is null) return addressOfRecord == _before;
        return addressOfRecord.Length > _before.Length + _after.Length
            && addressOfRecord.StartsWith(_before, StringComparison.Ordinal)
            && addressOfRecord.EndsWith(_after, StringComparison.Ordinal)
            && !addressOfRecord.AsSpan(_before.Length..^_after.Length).ContainsAnyExcept(NameCharacters);
    }

    public override string ToString() => _after is null ? _before : $"{_before}{Wildcard}{_after}";
}
