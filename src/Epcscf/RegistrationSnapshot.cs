namespace Portunus.Epcscf;

/// <summary>A registration as an operator sees it; holds no secret.</summary>
/// <param name="Id">Opaque: in TURN usernames, pushes and orders.</param>
/// <param name="Identity">The address-of-record.</param>
/// <param name="Scenario">How its user was authenticated.</param>
/// <param name="Flow">Its WebSocket; null while the WIC is away.</param>
/// <param name="Expires">Unix seconds, if it is not refreshed.</param>
/// <param name="WebFunction">The issuer of its token; null in scenario 1.</param>
/// <param name="IsKnownToTurn">Whether a TURN server was told of it.</param>
/// <param name="IsWatched">Whether the core tells when it ends it.</param>
public sealed record RegistrationSnapshot(
    string Id, string Identity, Scenario Scenario, FlowId? Flow, long Expires, string? WebFunction, bool IsKnownToTurn,
    bool IsWatched);
