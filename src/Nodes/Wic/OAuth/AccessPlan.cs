namespace Portunus.Nodes.Wic;

/// <summary>How a client comes by access tokens; what is null is not used.</summary>
public sealed record AccessPlan
{
    /// <summary>Issuer of the WAF.</summary>
    public Uri? Waf { get; init; }

    /// <summary>Our id at the WAF.</summary>
    public string? Client { get; init; }

    /// <summary>Of a confidential client, which signs in for itself or with a <see cref="Token"/> to exchange.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>A name at the WAF, whose login form is filled in; null to sign in with a browser.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Where the browser comes back to, as it is registered at the WAF.</summary>
    public Uri Redirect { get; init; } = new("http://127.0.0.1:8765/");

    public string Scope { get; init; } = "ims.register turn";

    /// <summary>The site that lends identities (scenario 3).</summary>
    public Uri? Site { get; init; }

    /// <summary>A name at the site; null for a guest.</summary>
    public string? SiteUser { get; init; }

    public string? SitePassword { get; init; }

    /// <summary>A token that was fetched before.</summary>
    public string? Token { get; init; }

    /// <summary>Is given the address that a person is to open in a browser.</summary>
    public Action<Uri> Show { get; init; } = _ => { };

    /// <summary>Whether the WAF gives the tokens to relay with (RFC 7635), and not the edge.</summary>
    public bool RelaysByWaf { get; init; }

    /// <summary>Whether a TURN token is asked for over a connection that must first be made, as after a long silence.</summary>
    public bool ReconnectsForTurn { get; init; }

    /// <summary>The TURN server's name; null to learn it from its 401 (RFC 7635 §6.1).</summary>
    public string? TurnServer { get; init; }

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"access by {Waf ?? Site}";
}
