using System.Text.Json;
using Portunus.Sip;

namespace Portunus.Nodes.Wic;

/// <summary>An access token for SIP as a client gets it.</summary>
/// <param name="Token">A secret.</param>
/// <param name="Lifetime">From when it was asked for; <see cref="TimeSpan.MaxValue"/> where nobody said.</param>
sealed record AccessGrant(string Token, TimeSpan Lifetime)
{
    /// <summary>The public identity that came with it (scenario 3); null where the user has one.</summary>
    public SipUri? Identity { get; init; }

    /// <summary>When to have the next: at half of its life.</summary>
    public TimeSpan? RenewIn => Lifetime == TimeSpan.MaxValue ? null : Lifetime / 2;

    /// <summary>The members of RFC 6749 §5.1, which a lease has too; null when they are not there.</summary>
    public static AccessGrant? Read(in JsonElement json)
    {
        var token = json.Text("access_token");
        if (token is not { Length: > 0 } || !token.TrimEnd('=').All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/".Contains(c)))
            return null;
        return new(token, json.Seconds("expires_in") ?? TimeSpan.MaxValue);
    }

    /// <summary>Without the token.</summary>
    public override string ToString() => Lifetime == TimeSpan.MaxValue ? "" : $"good for {Lifetime.TotalSeconds:0} s";
}
