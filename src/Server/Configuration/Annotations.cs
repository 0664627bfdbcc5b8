namespace Portunus.Server.Configuration;

/// <summary>What a setting does, in one sentence: the schema's description.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
sealed class SaysAttribute(string sentence) : Attribute
{
    public string Sentence { get; } = sentence;
}

/// <summary>The text of a setting, or of each in a list, is read by a method of <see cref="Forms"/>.</summary>
/// <param name="method">Takes the path of the setting and its text, and throws <see cref="FormatException"/>.</param>
/// <param name="example">For the schema, and for who wrote another type.</param>
[AttributeUsage(AttributeTargets.Property)]
sealed class FormAttribute(string method, string example) : Attribute
{
    public string Method { get; } = method;

    public string Example { get; } = example;
}

/// <summary>A text that is one of a few words.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class OneOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words { get; } = words;
}

/// <summary>A number within bounds, both included.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class BetweenAttribute(int least, int most) : Attribute
{
    public int Least { get; } = least;

    public int Most { get; } = most;
}

/// <summary>A setting that is taken over while the program runs, upon SIGHUP; all others wait for the next start.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class LiveAttribute : Attribute;

/// <summary>A name in the file that is not the property's own.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class NamedAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
