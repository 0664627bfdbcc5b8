using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>How many allocations and reservations each subject, each client's address and each realm has, and all have together. Part of
/// the ledger, under its lock.</summary>
sealed class AllocationCounts
{
    readonly Dictionary<Subject, int> _bySubject = [];
    readonly Dictionary<TransportAddress, int> _bySource = [];
    readonly Dictionary<string, int> _byRealm = [];
    readonly Dictionary<Subject, SharedBandwidth> _bandwidths = [];

    // Of subjects that have nothing more, but spent of their bandwidth a moment ago.
    readonly Queue<Subject> _leaving = [];

    int _total;

    public int Of(Subject subject) => _bySubject.GetValueOrDefault(subject);

    /// <summary>Whether so many more may begin.</summary>
    /// <param name="charge">To whom.</param>
    /// <param name="quota">As the server has it at the moment.</param>
    /// <param name="count">How many.</param>
    /// <param name="freed">A reservation whose place they take; null for none.</param>
    public LedgerVerdict Judge(in Charge charge, in AllocationQuota quota, int count, Charge? freed = null)
    {
        if (Of(charge.Subject) + count - (freed?.Subject == charge.Subject ? 1 : 0) > quota.Subject) return LedgerVerdict.QuotaReached;
        if (_bySource.GetValueOrDefault(charge.Source) + count - (freed?.Source == charge.Source ? 1 : 0) > quota.Source)
            return LedgerVerdict.QuotaReached;
        var realm = RealmOf(charge);
        if (_byRealm.GetValueOrDefault(realm) + count - (freed is { } place && RealmOf(place) == realm ? 1 : 0) > quota.Realm)
            return LedgerVerdict.QuotaReached;
        return _total + count - (freed is null ? 0 : 1) > quota.Total ? LedgerVerdict.Full : LedgerVerdict.Granted;
    }

    /// <param name="charge">Whose.</param>
    /// <param name="count">Negative when they end.</param>
    public void Add(in Charge charge, int count)
    {
        _total += count;
        Add(_bySource, charge.Source, count);
        Add(_byRealm, RealmOf(charge), count);
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
    public int Kept => _bySubject.Count + _bySource.Count + _byRealm.Count + _bandwidths.Count + _leaving.Count + _total;

    static string RealmOf(in Charge charge) => charge.Subject.Realm ?? "";

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

/// <summary>How many allocations and reservations there may be at a time.</summary>
/// <param name="Subject">Of the subject that is charged.</param>
/// <param name="Source">Of its client's address.</param>
/// <param name="Total">Of all.</param>
readonly record struct AllocationQuota(int Subject, int Source, int Total)
{
    /// <summary>Of the realm that knows the subject.</summary>
    public int Realm { get; init; } = int.MaxValue;
}
