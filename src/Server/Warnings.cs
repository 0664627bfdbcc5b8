namespace Portunus.Server;

/// <summary>Where a command says what the operator should know although it goes on.</summary>
static class Warnings
{
    public static void Write(string sentence) => Console.Error.WriteLine($"portunus: warning: {sentence}");
}
