using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Assessment.Security;

/// <summary>What a TURN server answered to a request.</summary>
/// <param name="IsHeard">False when nothing came.</param>
/// <param name="Error">Null with a success.</param>
/// <param name="Relayed">Of an Allocate that succeeded.</param>
sealed record TurnSaid(bool IsHeard, ErrorCode? Error, TransportAddress Relayed)
{
    public static readonly TurnSaid Nothing = new(false, null, default);

    public bool IsSuccess => IsHeard && Error is null;

    public bool Is(params ReadOnlySpan<ErrorCode> codes) => Error is { } error && codes.Contains(error);

    /// <summary>The number of the error, <c>success</c> or <c>no answer</c>.</summary>
    public override string ToString() => !IsHeard ? "no answer" : Error is { } error ? $"{(int)error}" : "success";
}
