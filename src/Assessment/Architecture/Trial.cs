namespace Portunus.Assessment.Architecture;

/// <summary>Whether a client that knows nothing of this study relays with what a solution gives.</summary>
/// <param name="Relays">Null when it could not be tried here.</param>
/// <param name="How">With what it was tried, or why not.</param>
sealed record Trial(bool? Relays, string How);

/// <summary>What a client is given, as one that knows names and passwords alone can use it.</summary>
/// <param name="Username">Of a token: its kid, which RFC 7635 puts into USERNAME.</param>
/// <param name="Password">Of a token: its key in base64, the only secret there is.</param>
sealed record PlainCredential(string Username, string Password);
