namespace Portunus.Server;

/// <summary>Where a command says what the operator should know although it goes on.</summary>
static class Warnings
{
    /// <summary>That something which was asked for has happened.</summary>
    public static void Say(string sentence) => Console.Error.WriteLine($"portunus: {sentence}");

    public static void Write(string sentence) => Console.Error.WriteLine($"portunus: warning: {sentence}");
}
