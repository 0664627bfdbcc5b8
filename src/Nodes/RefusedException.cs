namespace Portunus.Nodes;

/// <summary>
/// What an operator asked for cannot be had: a taken port, a file that is not there. The message is one sentence that
/// names the flag and says what to do; the command line prints it and ends with 1.
/// </summary>
public class RefusedException(string sentence, Exception? cause = null) : Exception(sentence, cause);
