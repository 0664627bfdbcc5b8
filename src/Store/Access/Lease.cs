namespace Portunus.Store.Access;

/// <summary>An identity of a pool for as long as somebody has it.</summary>
/// <param name="Id">Of this lease; whoever knows it may renew and end it.</param>
/// <param name="Impu">The identity, nobody else's until the lease has ended.</param>
/// <param name="Until">Unix seconds; no token for it may live longer.</param>
public sealed record Lease(string Id, string Impu, long Until);
