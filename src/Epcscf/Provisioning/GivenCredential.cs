using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>A credential that went out.</summary>
/// <param name="Request">What was asked for: the very object, since a WIC that asks anew wants a new answer.</param>
/// <param name="Credential">With its secret.</param>
/// <param name="Ends">When it counts no more.</param>
public sealed record GivenCredential(TurnCredentialRequest Request, TurnCredential Credential, Instant Ends)
{
    /// <summary>What it is good for yet, in whole seconds.</summary>
    public int Left(Instant now) => (int)Math.Max(0, (Ends - now).TotalSeconds);

    public override string ToString() => $"{Credential}, until {Ends}";
}
