using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// A shared secret and since when an edge mints with it: TURN servers take it before, and its predecessor after.
/// </summary>
/// <param name="Secret">Shared with the TURN servers.</param>
/// <param name="MintsFrom">Unix seconds; 0 for always.</param>
public sealed record DatedSecret(SharedSecret Secret, long MintsFrom = 0);
