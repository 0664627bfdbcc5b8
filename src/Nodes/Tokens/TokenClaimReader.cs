using System.Globalization;
using System.Text.Json;
using Portunus.Epcscf;

namespace Portunus.Nodes.Tokens;

/// <summary>
/// Reads what a token says of its owner from its JSON: the payload of a JWT, or the answer of an introspection.
/// </summary>
static class TokenClaimReader
{
    /// <summary>More public identities than a subscription has; bounds what a token can make us keep.</summary>
    const int MostIdentities = 16;

    /// <summary>Null when a claim that is needed is missing or no value of its kind.</summary>
    /// <param name="json">An object.</param>
    /// <param name="issuer">Whose token it is: the claim <c>iss</c>, where it stands there, must say the same.</param>
    /// <param name="audience">For whom it must be.</param>
    public static TokenClaims? Read(JsonElement json, string issuer, string audience)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        if (Text(json, "iss") is { } iss && iss != issuer) return null;
        if (!Texts(json, "aud").Contains(audience, StringComparer.Ordinal)) return null;
        var scenario = Number(json, "scenario") is { } number ? (Scenario)number : default;
        var identities = Texts(json, "ims_impu");
        if (Text(json, "sub") is not { Length: > 0 } subject || Text(json, "jti") is not { Length: > 0 } id
            || Number(json, "exp") is not { } expires || scenario is not (Scenario.Web or Scenario.Pool)
            || identities.Count is 0 or > MostIdentities) return null;
        // It stands in a header of the REGISTER to the core, where no line may end.
        if (subject.Any(char.IsControl)) return null;
        return new()
        {
            PrivateIdentity = subject,
            Identities = identities,
            Issuer = issuer,
            WebServer = Text(json, "wwsf"),
            Scenario = scenario,
            Expires = expires,
            Id = id,
            Scopes = Text(json, "scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
        };
    }

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A string is a list of one (RFC 7519 §4.1.3).</summary>
    static IReadOnlyList<string> Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(one => one.GetString()!)]
            : [];
    }

    /// <summary>As a number, or as one in quotation marks, which some servers write.</summary>
    static long? Number(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt64(out var number) ? number : null;
        return value.ValueKind == JsonValueKind.String
            && long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var text) ? text : null;
    }
}
