namespace Portunus.Turn;

/// <summary>A request that waits for an answer from outside, kept to be run again from its first check.</summary>
abstract class Waiting(ClientPath path, byte[] request)
{
    /// <summary>The longest request that is kept: one that filled an Ethernet frame.</summary>
    public const int LongestRequest = 1500;

    public ClientPath Path { get; } = path;

    public byte[] Request { get; } = request;
}
