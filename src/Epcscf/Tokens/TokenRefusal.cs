using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Why a token does not do.</summary>
/// <param name="Status">401: another token may; 403: none of this kind; 503: later, perhaps.</param>
/// <param name="Reason">For 403, without a name of anybody.</param>
/// <param name="Error">For the challenge of a 401.</param>
readonly record struct TokenRefusal(int Status, string? Reason = null, string? Error = null)
{
    public static TokenRefusal Unauthorized => new(401, Error: BearerChallenge.InvalidToken);

    public static TokenRefusal OtherScope => new(401, Error: BearerChallenge.InvalidScope);

    /// <summary>Nobody can tell now.</summary>
    public static TokenRefusal Later => new(503);
}
