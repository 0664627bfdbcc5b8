using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>Another TURN server that clients are sent to.</summary>
[Says("Another TURN server that clients are sent to.")]
sealed record AlternateSection
{
    [Says("Where it listens. A client goes there only if it came by the same family."), Form(nameof(Forms.Alternate), "192.0.2.7:3478")]
    public required TransportAddress Address { get; init; }

    [Says("Its address of the other family; none when left out."), Form(nameof(Forms.Alternate), "[2001:db8::7]:3478")]
    public TransportAddress? OtherAddress { get; init; }

    [Says("Whether it takes TLS and DTLS there; else UDP and TCP. Clients come by the transport that they have.")]
    public bool Tls { get; init; }

    [Says("A name of its certificate, where that is not the name of this server; the same when left out."),
     Form(nameof(Forms.Domain), "turn2.example.net")]
    public string? Domain { get; init; }

    public Alternate ToAlternate() => new(Address, OtherAddress, Tls, Domain);
}
