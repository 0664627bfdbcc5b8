using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Subjects that are refused although their credentials are good, each until a time after which none of them
/// is.</summary>
/// <remarks>Changed under the ledger's lock alone.</remarks>
sealed class Denials
{
    /// <summary>How many are remembered; one takes about 200 bytes.</summary>
    public const int Most = 65536;

    readonly Deadlines<Subject> _ends = new();

    /// <summary>False when there is no room for one more.</summary>
    public bool TryAdd(Instant now, Subject subject, Instant until)
    {
        while (_ends.TryPop(now, out _)) { }
        if (_ends.TryGet(subject, out var known))
        {
            if (known < until) _ends.Set(subject, until);
            return true;
        }

        if (_ends.Count >= Most) return false;
        _ends.Set(subject, until);
        return true;
    }

    public bool Contains(Instant now, Subject subject) => _ends.TryGet(subject, out var end) && now < end;
}
