using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>How many allocations and reservations each subject and each client's address has, and all have together. Part of the ledger,
/// under its lock.</summary>
sealed class AllocationCounts(TurnSettings settings)
{
    readonly Dictionary<Subject, int> _bySubject = [];
    readonly Dictionary<TransportAddress, int> _bySource = [];
    readonly Dictionary<Subject, SharedBandwidth> _bandwidths = [];

    // Of subjects that have nothing more, but spent of their bandwidth a moment ago.
    readonly Queue<Subject> _leaving = [];

    int _total;

    public int Of(Subject subject) => _bySubject.GetValueOrDefault(subject);

    /// <summary>Whether so many more may begin.</summary>
    /// <param name="subject">Who is charged.</param>
    /// <param name="quota">Of the subject.</param>
    /// <param name="source">The client's <see cref="SourcePrefix"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="freed">A reservation whose place they take; null for none.</param>
    public LedgerVerdict Judge(Subject subject, int quota, in TransportAddress source, int count, Charge? freed = null)
    {
        var place = freed is null ? 0 : 1;
        if (Of(subject) + count - (freed?.Subject == subject ? 1 : 0) > quota) return LedgerVerdict.QuotaReached;
        if (_bySource.GetValueOrDefault(source) + count - (freed?.Source == source ? 1 : 0) > settings.AddressQuota)
            return LedgerVerdict.QuotaReached;
        return _total + count - place > settings.TotalQuota ? LedgerVerdict.Full : LedgerVerdict.Granted;
    }

    /// <param name="charge">Whose.</param>
    /// <param name="count">Negative when they end.</param>
    public void Add(in Charge charge, int count)
    {
        _total += count;
        Add(_bySource, charge.Source, count);
        if (Add(_bySubject, charge.Subject, count) == 0 && _bandwidths.ContainsKey(charge.Subject)) _leaving.Enqueue(charge.Subject);
    }

    /// <summary>What the allocations of a subject share from now on; null where nothing limits it.</summary>
    public SharedBandwidth? Bandwidth(Subject subject, BandwidthLimit limit)
    {
        if (limit.IsNone) return null;
        if (!_bandwidths.TryGetValue(subject, out var shared)) _bandwidths.Add(subject, shared = new());
        shared.Use(limit);
        return shared;
    }

    /// <summary>Forgets who has nothing; nobody gets a new burst by coming again at once.</summary>
    public void Sweep(Instant now)
    {
        while (_leaving.TryPeek(out var subject))
        {
            var isBack = Of(subject) > 0;
            if (!isBack && _bandwidths.TryGetValue(subject, out var shared) && !shared.IsFull(now)) return;
            if (!isBack) _bandwidths.Remove(subject);
            _leaving.Dequeue();
        }
    }

    /// <summary>How many are kept, of any kind: 0 when nothing lives and all is forgotten.</summary>
    public int Kept => _bySubject.Count + _bySource.Count + _bandwidths.Count + _leaving.Count + _total;

    static int Add<T>(Dictionary<T, int> counts, T key, int count) where T : notnull
    {
        ref var value = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        var sum = value += count;
        if (sum == 0) counts.Remove(key);
        return sum;
    }
}

/// <summary>To whom an allocation or a reservation is charged.</summary>
/// <param name="Subject">By the credential.</param>
/// <param name="Source">By the client's address, as <see cref="SourcePrefix"/> has it.</param>
readonly record struct Charge(Subject Subject, TransportAddress Source);
