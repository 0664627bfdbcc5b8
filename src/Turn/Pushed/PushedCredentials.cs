using System.Runtime.InteropServices;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>
/// The credentials that edges pushed to one TURN server (Approach 2), for one realm. Of two statements about a username the one
/// with the higher sequence holds, in whatever order they come; a withdrawal is a statement, too, and is remembered.
/// </summary>
/// <remarks>
/// Shared by all workers and by the listener, under one plain lock: asked per request, never per datagram. Every method that ends
/// credentials adds to <c>ended</c> the registrations that have none left: whoever calls revokes them, after the call.
/// <para>
/// An edge numbers all its statements in one row. So what it withdrew can be remembered as one number, its <c>Floor</c>: of a
/// username that is not known, nothing at or below it is heard. A synchronisation sets it, and it takes the place of the single
/// withdrawals when there are too many of them.
/// </para>
/// <para>
/// An epoch is drawn for each edge when this object is made, and anew with each whole set: what was meant for another one is refused.
/// So numbers are compared within one life of an edge only, and nothing that a life before it said can be taken for its own.
/// </para>
/// </remarks>
public sealed partial class PushedCredentials : IPushedCredentials
{
    readonly Lock _gate = new();
    readonly string _realm;
    readonly IRandom _random;
    readonly PushedCredentialsSettings _settings;
    readonly Dictionary<Bytes, Entry> _byName = new(Bytes.ByContent);
    readonly Dictionary<Bytes, Bytes> _namesByHash = new(Bytes.ByContent);
    readonly Dictionary<string, Shelf> _shelves = [];
    readonly Dictionary<string, int> _registrations = [];
    readonly Deadlines<Entry> _ends = new(ReferenceEqualityComparer.Instance);

    /// <param name="realm">Of the TURN server.</param>
    /// <param name="random">For the epochs; called under the lock, from any thread.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="isFurther">Whether it is a realm beside the server's first.</param>
    /// <exception cref="ArgumentException">The settings have a mistake.</exception>
    public PushedCredentials(
        string realm, IRandom random, PushedCredentialsSettings? settings = null, bool isFurther = false)
    {
        SubjectRealm = !isFurther ? null : OpaqueString.TryEnforce(realm, out var enforced) ? enforced : realm;
        (_realm, _random, _settings) = (realm, random, settings ?? new());
        if (_settings.Mistakes().ToArray() is { Length: > 0 } mistakes) throw new ArgumentException(string.Join(' ', mistakes));
    }

    /// <summary>For which this edge's statements are to be meant: drawn at the start, and with each whole set of it.</summary>
    public ulong EpochOf(string edge)
    {
        lock (_gate) return ShelfOf(edge).Epoch;
    }

    public string Realm => _realm;

    /// <summary>As <see cref="Subject.Realm"/> of all that is charged here.</summary>
    public string? SubjectRealm { get; }

    /// <summary>Credentials that are known, of all edges.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _namesByHash.Count;
        }
    }

    /// <summary>When <see cref="OnDeadline"/> is to be called next; null when nothing is due.</summary>
    public Instant? NextDeadline
    {
        get
        {
            lock (_gate) return _ends.Next;
        }
    }

    /// <summary>Forgets what has run out.</summary>
    public void OnDeadline(Instant now, ICollection<string> ended)
    {
        lock (_gate) Sweep(now, ended);
    }

    public override string ToString() => $"{nameof(PushedCredentials)} of {_realm} ({Count})";

    void Sweep(Instant now, ICollection<string> ended)
    {
        while (_ends.TryPop(now, out var entry))
        {
            // The wall decides, and it may have been set back since the deadline was.
            if (entry.Ends > now.UnixSeconds) _ends.Set(entry, now.AtUnixSeconds(entry.Ends));
            else if (entry.Credential is null) Forget(entry, ended);
            else Withdraw(now, entry, ended);
        }
    }

    Shelf ShelfOf(string edge)
    {
        ref var shelf = ref CollectionsMarshal.GetValueRefOrAddDefault(_shelves, edge, out _);
        return shelf ??= new() { Epoch = DrawEpoch() };
    }

    /// <summary>Above zero and below 2^53: a JSON number that everybody reads as it is written (RFC 8259 §6).</summary>
    ulong DrawEpoch() => (_random.NextUInt64() >> 12) + 1;

    /// <summary>Makes a credential what is known of its username.</summary>
    void Keep(Instant now, Shelf shelf, Ready ready, ICollection<string> ended)
    {
        var (name, credential) = (ready.Name, ready.Credential);
        if (!_byName.TryGetValue(name, out var entry)) _byName.Add(name, entry = new(shelf, name));
        // The new one is counted first, so that a renewal does not end its registration.
        CollectionsMarshal.GetValueRefOrAddDefault(_registrations, credential.Registration, out _)++;
        Empty(entry, ended);
        shelf.Withdrawn.Remove(entry);
        shelf.Live.Add(entry);
        (entry.Credential, entry.Sequence, entry.Ends) = (credential, credential.Sequence, credential.Expires);
        (entry.Allowance, entry.Hash, entry.Epoch) = (ready.Allowance, ready.Hash, shelf.Epoch);
        _namesByHash[entry.Hash] = name;
        _ends.Set(entry, now.AtUnixSeconds(entry.Ends));
    }

    /// <summary>Takes the credential out of an entry, if there is one.</summary>
    void Empty(Entry entry, ICollection<string> ended)
    {
        if (entry.Credential is not { Registration: var registration }) return;
        entry.Credential = null;
        entry.Shelf.Live.Remove(entry);
        _namesByHash.Remove(entry.Hash);
        if (--CollectionsMarshal.GetValueRefOrNullRef(_registrations, registration) > 0) return;
        _registrations.Remove(registration);
        ended.Add(registration);
    }

    /// <summary>Of the username only this is known from now on, that its credential is no more: for as long as one could live
    /// that was pushed before and is still on its way.</summary>
    void Withdraw(Instant now, Entry entry, ICollection<string> ended)
    {
        Empty(entry, ended);
        entry.Ends = now.UnixSeconds + (long)_settings.LongestLife.TotalSeconds;
        _ends.Set(entry, now.AtUnixSeconds(entry.Ends));
        var shelf = entry.Shelf;
        shelf.Withdrawn.Add(entry);
        if (shelf.Withdrawn.Count <= _settings.PerEdge) return;
        // All that an edge withdrew, remembered as one number.
        shelf.Floor = Math.Max(shelf.Floor, shelf.Withdrawn.Max(withdrawn => withdrawn.Sequence));
        foreach (var withdrawn in shelf.Withdrawn.ToArray()) Forget(withdrawn, ended);
    }

    /// <summary>As if it had never been; only the floor may speak against it from now on.</summary>
    void Forget(Entry entry, ICollection<string> ended)
    {
        Empty(entry, ended);
        entry.Shelf.Withdrawn.Remove(entry);
        _ends.Cancel(entry);
        _byName.Remove(entry.Name);
    }

    static bool IsSame(CredentialLimits a, CredentialLimits b) =>
        a.MaxAllocations == b.MaxAllocations && a.Peers.SequenceEqual(b.Peers);

    /// <summary>All of one edge.</summary>
    sealed class Shelf
    {
        /// <summary>The sequence up to which nothing is heard of a username that is not known.</summary>
        public ulong Floor { get; set; }

        public ulong Epoch { get; set; }

        public HashSet<Entry> Live { get; } = new(ReferenceEqualityComparer.Instance);

        public HashSet<Entry> Withdrawn { get; } = new(ReferenceEqualityComparer.Instance);
    }

    /// <summary>What is known of one username: its credential, or that it was withdrawn.</summary>
    sealed class Entry(Shelf shelf, Bytes name)
    {
        public Shelf Shelf { get; } = shelf;

        public Bytes Name { get; } = name;

        public Bytes Hash { get; set; } = Bytes.Empty;

        public ulong Sequence { get; set; }

        /// <summary>In which this was said: a whole set takes the place of what was said before its own.</summary>
        public ulong Epoch { get; set; }

        /// <summary>Unix seconds.</summary>
        public long Ends { get; set; }

        /// <summary>Null when it was withdrawn or has run out.</summary>
        public PushedCredential? Credential { get; set; }

        public Allowance? Allowance { get; set; }
    }
}
