using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>What an edge says to a TURN server that asks for a credential.</summary>
public abstract record FetchAnswer
{
    FetchAnswer()
    {
    }

    /// <summary>Here it is; from now on the server hears all that is said of it.</summary>
    public sealed record Told(PushedCredential Credential) : FetchAnswer;

    /// <summary>There is none, or it has run out.</summary>
    public sealed record Unknown : FetchAnswer;

    /// <summary>A whole set is on its way to the server, and would end what is told beside it: to be asked again, soon.</summary>
    public sealed record Later : FetchAnswer;
}
