namespace Portunus.Server;

/// <summary>
/// A command line that says nothing that could be done. The message is one sentence that says what to write instead; the exit
/// code is 2.
/// </summary>
sealed class WrongUsageException(string sentence) : Exception(sentence);
