using System.Text;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What a Turn-Credential-Request asks for: <c>cred-type *(COMMA cred-type) *(SEMI tc-param)</c>.</summary>
/// <param name="Types">Lower case, in the order of preference: <c>password</c>, <c>oauth</c>.</param>
/// <param name="Realm">Null when any will do.</param>
/// <param name="Transports">Lower case; null when all are wanted.</param>
public sealed record CredentialRequest(IReadOnlyList<string> Types, string? Realm, IReadOnlyList<string>? Transports)
{
    /// <summary>A WIC names two types and three transports today; what asks for more than this is not read.</summary>
    const int MostWords = 16;

    /// <summary>Reads the value of one header line; false when it is none: then nothing was asked.</summary>
    public static bool TryParse(string value, out CredentialRequest request)
    {
        request = null!;
        var scanner = new Scanner(Encoding.UTF8.GetBytes(value));
        var types = new List<string>();
        do
        {
            scanner.SkipSpace();
            if (types.Count == MostWords || !scanner.TryToken(out var type)) return false;
            types.Add(Encoding.ASCII.GetString(type).ToLowerInvariant());
        }
        while (scanner.TrySeparator((byte)','));

        if (!ParameterScanner.TryReadTail(ref scanner, out var parameters)) return false;
        var transports = parameters["transports"]?.ToLowerInvariant()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (transports?.Length > MostWords) return false;
        request = new(types, parameters["realm"], transports);
        return true;
    }
}
