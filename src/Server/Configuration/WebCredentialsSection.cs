namespace Portunus.Server.Configuration;

/// <summary>TURN credentials by HTTP.</summary>
[Says("POST /turn/credentials on the listeners of W2: a TURN credential for who shows an access token.")]
sealed record WebCredentialsSection
{
    [Says("Pages whose scripts may ask; who is no browser sends no origin and may."),
     Form(nameof(Forms.Origin), "https://phone.example.net")]
    public IReadOnlyList<string> Origins { get; init; } = [];

    [Says("Whether GET is served, too, in the shape of draft-uberti-behave-turn-rest.")]
    public bool Get { get; init; }
}
