namespace Portunus.Server.Configuration;

/// <summary>What is wrong with a configuration, and where.</summary>
/// <param name="Place">Of the name or value that is wrong.</param>
/// <param name="Sentence">Names the setting and says what to write instead; repeats no secret.</param>
sealed record Mistake(Place Place, string Sentence)
{
    /// <summary>As compilers write it, so that editors find the line.</summary>
    public string In(string file) => $"{file}:{Place.Line}:{Place.Column}: {Sentence}";
}
