namespace Portunus.Turn;

/// <summary>An Allocate request whose username an edge may know.</summary>
sealed class Search(ClientPath path, byte[] request, string username) : Waiting(path, request)
{
    public string Username { get; } = username;

    /// <summary>Whether the edges have said what they will say: the run after it does not ask again.</summary>
    public bool IsOver { get; set; }
}
