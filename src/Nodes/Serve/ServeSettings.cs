using System.Net;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Store;
using Portunus.Turn;

namespace Portunus.Nodes.Serve;

/// <summary>What a <see cref="ServedSystem"/> runs: a role that is null is not there.</summary>
public sealed record ServeSettings
{
    public TurnRole? Turn { get; init; }

    /// <summary>A media gateway node, without the listeners of other roles, which are added here.</summary>
    public AgwNodeSettings? Agw { get; init; }

    public EpcscfRole? Epcscf { get; init; }

    public CoreRole? Core { get; init; }

    public WafRole? Waf { get; init; }

    public WwsfRole? Wwsf { get; init; }

    public AdminRole? Admin { get; init; }
}

/// <summary>The TURN server.</summary>
/// <param name="Node">Without the listeners of other roles, which are added here.</param>
/// <param name="Sources">Who may use it, without what edges push.</param>
/// <param name="Credentials">Where edges push; null where none do.</param>
/// <param name="Finder">The edges that are asked for what nobody pushed; null for none. What they tell ends by
/// <paramref name="Credentials"/>.</param>
/// <param name="TokenKeys">Where it fetches the keys of tokens, beside those of the sources; null for nowhere.</param>
/// <param name="Revocations">Whether anybody may tell of registrations and grants whose credentials were not pushed.</param>
public sealed record TurnRole(
    TurnNodeSettings Node, CredentialSources Sources, CredentialListenerSettings? Credentials = null,
    CredentialFinderSettings? Finder = null, TokenKeysRole? TokenKeys = null, bool Revocations = false);

/// <summary>The eP-CSCF.</summary>
public sealed record EpcscfRole
{
    /// <summary>A host without a port is given that of Mw.</summary>
    public required EdgeSettings Edge { get; init; }

    public required Func<IProvisioning> Provisioning { get; init; }

    /// <summary>How access tokens are looked at; null where none are taken.</summary>
    public TokenRole? Tokens { get; init; }

    /// <summary>Only with <see cref="Tokens"/>; null where credentials are given by SIP alone.</summary>
    public WebCredentialsRole? WebCredentials { get; init; }

    /// <summary>The TURN servers that are told of credentials; null where none are.</summary>
    public TransferNodeSettings? Transfer { get; init; }

    /// <summary>Where TURN servers ask for credentials; null where none do.</summary>
    public FetchListenerSettings? Fetch { get; init; }

    /// <summary>Null for the core of this process.</summary>
    public MwSettings? Mw { get; init; }

    public required IReadOnlyList<IPEndPoint> Https { get; init; }

    public required IReadOnlyList<IPEndPoint> Http { get; init; }

    /// <summary>PEM files.</summary>
    public (string Certificate, string? Key)? Tls { get; init; }

    public required IReadOnlyList<AddressRange> TrustedProxies { get; init; }

    public required IReadOnlySet<string> Origins { get; init; }

    /// <summary>1 to 256.</summary>
    public int Shards { get; init; } = 1;
}

/// <summary>The home core.</summary>
public sealed record CoreRole
{
    /// <summary>A host without a port is given that of Mw.</summary>
    public required CscfSettings Cscf { get; init; }

    /// <summary>Null for the edge of this process alone.</summary>
    public MwSettings? Mw { get; init; }

    /// <summary>Of the subscribers' data base; made when it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Saved at start.</summary>
    public required IReadOnlyList<SubscriberRecord> Subscribers { get; init; }
}

/// <summary>The admin listener.</summary>
/// <param name="Listen">Beyond loopback only with <paramref name="Tls"/>.</param>
/// <param name="Token">Null: health and metrics only.</param>
/// <param name="Tls">PEM files.</param>
public sealed record AdminRole(IPEndPoint Listen, string? Token, (string Certificate, string? Key)? Tls = null)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"admin {Listen}";
}
