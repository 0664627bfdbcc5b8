namespace Portunus.Epcscf;

/// <summary>A web server function (WWSF) for which a WAF may make tokens.</summary>
/// <param name="Name">As the claim <c>wwsf</c> has it.</param>
/// <param name="Blocks">
/// The public identities that it may assign. Empty: any in <see cref="Scenario.Web"/>, none in <see cref="Scenario.Pool"/>. Where
/// there are some they bind both: who was broken into would not admit to have a pool.
/// </param>
public sealed record TrustedWebServer(string Name, params IReadOnlyList<IdentityBlock> Blocks);
