using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>What a way of provisioning says to a wish.</summary>
public abstract record Provision
{
    Provision()
    {
    }

    /// <summary>It has not what was asked for (a realm, a type, a transport), or nobody acknowledged: no header.</summary>
    public static Provision Nothing { get; } = new None();

    /// <summary>Here it is.</summary>
    public sealed record Given(TurnCredential Credential) : Provision;

    /// <summary>It has, but never for this user; also no header.</summary>
    /// <param name="Reason">One sentence for the operator and for the user.</param>
    public sealed record Refused(string Reason) : Provision;

    /// <summary>The outside must be asked first; then the wish is made again, with question and answer.</summary>
    /// <param name="Question">What is asked.</param>
    /// <param name="Patience">How long the answer may take.</param>
    public sealed record Asked(EdgeQuestion Question, TimeSpan Patience) : Provision;

    sealed record None : Provision;
}
