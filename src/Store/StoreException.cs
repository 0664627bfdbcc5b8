namespace Portunus.Store;

/// <summary>The data base cannot be used. The message is one sentence that names the file and says what to do.</summary>
public sealed class StoreException(string sentence, Exception? cause = null) : Exception(sentence, cause);
