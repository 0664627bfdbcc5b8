using Portunus.Bedrock;

namespace Portunus.HomeCore;

/// <summary>Counts the wrong answers for each name, so that nobody finds a password by trying (RFC 7616 §5.8).</summary>
/// <param name="allowed">Wrong answers in a window; then none is judged until it ends.</param>
/// <param name="window">From the first wrong answer.</param>
/// <param name="capacity">Names at a time; one more takes the place of what ends first.</param>
sealed class GuessBook(int allowed, TimeSpan window, int capacity)
{
    readonly Dictionary<string, int> _wrong = [];
    readonly Deadlines<string> _ends = new();

    public bool IsClosed(Instant now, string name)
    {
        Forget(now);
        return _wrong.GetValueOrDefault(name) >= allowed;
    }

    /// <summary>One more wrong answer; true when it was the last that is judged.</summary>
    public bool Count(Instant now, string name)
    {
        Forget(now);
        if (!_wrong.TryGetValue(name, out var count))
        {
            if (_wrong.Count >= capacity && _ends.TryPop(Instant.MaxValue, out var first)) _wrong.Remove(first);
            _ends.Set(name, now + window);
        }

        _wrong[name] = count + 1;
        return count + 1 == allowed;
    }

    public void Forgive(string name)
    {
        if (_wrong.Remove(name)) _ends.Cancel(name);
    }

    void Forget(Instant now)
    {
        while (_ends.TryPop(now, out var name)) _wrong.Remove(name);
    }
}
