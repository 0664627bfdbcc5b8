using Portunus.Epcscf;

namespace Portunus.Server.Configuration;

/// <summary>A WWSF that a WAF may speak for.</summary>
[Says("A WWSF that the WAF may speak for.")]
sealed record TrustedWebServerSection
{
    [Says("As the claim wwsf has it: the id of the client, unless the WAF says otherwise.")]
    public required string Name { get; init; }

    [Says("The public identities that it may assign; empty: any of its users (scenario 2), none of a pool (scenario 3)."),
     Form(nameof(Forms.Block), "sip:web!.*!@ims.example.net")]
    public IReadOnlyList<IdentityBlock> Blocks { get; init; } = [];

    public TrustedWebServer ToWebServer() => new(Name, Blocks);
}
