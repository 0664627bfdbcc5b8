namespace Portunus.Server.Configuration;

/// <summary>The names of the two headers of W2.</summary>
[Says("The names of the two headers of W2.")]
sealed record HeadersSection
{
    [Says("With which a client asks."), Form(nameof(Forms.HeaderName), "Turn-Credential-Request")]
    public string Request { get; init; } = "Turn-Credential-Request";

    [Says("In which it is given."), Form(nameof(Forms.HeaderName), "Turn-Credential")]
    public string Credential { get; init; } = "Turn-Credential";
}
