using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// Names of which the edges know nothing, and the sources that said too many for which no edge told anything. Both are remembered
/// for a few seconds, so that who guesses makes this server ask as little as can be.
/// </summary>
sealed class UnknownNames
{
    /// <summary>Of names and of sources, each; the oldest leaves.</summary>
    public const int Most = 4096;

    /// <summary>Names in vain of one source while it is remembered; a whole office may be behind one address.</summary>
    public const int MostPerSource = 32;

    /// <summary>An edge knows a credential before its WIC does, so a name that is unknown now rarely becomes known.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    readonly Deadlines<string> _names = new();
    readonly Deadlines<TransportAddress> _sources = new();
    readonly Dictionary<TransportAddress, int> _said = [];

    public bool Contains(Instant now, string name) => _names.TryGet(name, out var end) && now < end;

    /// <summary>Whether nobody is asked for what this client says.</summary>
    public bool IsSuspect(Instant now, in TransportAddress client) =>
        _sources.TryGet(SourceOf(client), out var end) && now < end && _said[SourceOf(client)] >= MostPerSource;

    /// <summary>No edge knows it.</summary>
    public void Add(Instant now, string name)
    {
        Sweep(now);
        if (_names.Count >= Most) _names.TryPop(Instant.MaxValue, out _);
        _names.Set(name, now + Remembered);
    }

    /// <summary>Nobody told anything for this client, for whatever reason.</summary>
    public void Count(Instant now, in TransportAddress client)
    {
        Sweep(now);
        var source = SourceOf(client);
        if (_said.TryGetValue(source, out var said))
        {
            _said[source] = said + 1;
            return;
        }

        if (_said.Count >= Most && _sources.TryPop(Instant.MaxValue, out var oldest)) _said.Remove(oldest);
        _said.Add(source, 1);
        _sources.Set(source, now + Remembered);
    }

    void Sweep(Instant now)
    {
        while (_names.TryPop(now, out _)) { }
        while (_sources.TryPop(now, out var source)) _said.Remove(source);
    }

    static TransportAddress SourceOf(in TransportAddress client) => SourcePrefix.Of(client);
}
