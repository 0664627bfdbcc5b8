namespace Portunus.Sip;

/// <summary>What is wrong with a message that could be read, and what its sender is owed for it.</summary>
public static class MessageCheck
{
}
