namespace Portunus.Server.Configuration;

/// <summary>A WAF that a TURN server trusts.</summary>
[Says("A WAF whose tokens this server takes: the whole of what it takes to add one.")]
sealed record TokenKeysWafSection
{
    [Says("Where it gives keys to who shows a certificate, without a query."),
     Form(nameof(Forms.KeysUri), "https://waf.ims.example.net:8444/.well-known/stun-key")]
    public required Uri Keys { get; init; }

    [Says("PEM file with who signs its certificate; those of the system when left out."),
     Form(nameof(Forms.Authorities), "operator-ca.pem")]
    public Authorities? Authorities { get; init; }

    [Says("The name of limits that every token of this WAF has; none when left out.")]
    public string? Limits { get; init; }
}
