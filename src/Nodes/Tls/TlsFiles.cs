namespace Portunus.Nodes.Tls;

/// <summary>Where a party of mutual TLS keeps what it needs, as PEM.</summary>
public sealed record TlsFiles
{
    /// <summary>Its certificate; the intermediate ones after it, if there are any.</summary>
    public required string Certificate { get; init; }

    /// <summary>Its private key, not encrypted; may be the same file.</summary>
    public required string Key { get; init; }

    /// <summary>The operator's certification authorities: whom they certified is believed, and nobody else.</summary>
    public required string Authorities { get; init; }
}
