namespace Portunus.Epcscf;

/// <summary>What the outside says to an <see cref="EdgeQuestion"/>.</summary>
public abstract record EdgeAnswer
{
    EdgeAnswer()
    {
    }

    /// <summary>The token is good.</summary>
    public sealed record Verified(TokenClaims Claims) : EdgeAnswer;

    /// <summary>The token is not good, or nobody could tell.</summary>
    public sealed record NotVerified(TokenFault Fault) : EdgeAnswer;

    /// <summary>The TURN servers that acknowledged a push; none when the list is empty.</summary>
    public sealed record Pushed(IReadOnlyList<string> Servers) : EdgeAnswer;

    /// <summary>Whether a credential is kept for those that ask.</summary>
    public sealed record Kept(bool HasRoom) : EdgeAnswer;

    /// <summary>Nothing came until the deadline: made by the machine.</summary>
    public sealed record Silence : EdgeAnswer;

    /// <summary>As many questions were open as there may be: this one was never asked. Made by the machine.</summary>
    internal sealed record NoRoom : EdgeAnswer;
}
