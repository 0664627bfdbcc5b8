using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

public sealed partial class PushedCredentials
{
    /// <summary>
    /// How many are taken in under one hold of the lock: a request of a worker waits a millisecond, whatever an edge has to say.
    /// </summary>
    const int Portion = 512;

    /// <summary>
    /// An edge says what its whole set is: all else of it ends, and what was meant for the epoch before is refused from now on.
    /// </summary>
    /// <param name="now">The wall clock judges expiry.</param>
    /// <param name="edge">Who says it.</param>
    /// <param name="sequence">Above that of all in the set; statements in the epoch that it opens are above it.</param>
    /// <param name="set">Each username once.</param>
    /// <param name="epoch">For which it was meant.</param>
    /// <param name="ended">Takes registrations that have no credential left.</param>
    /// <param name="refused">Takes usernames that were not taken in: they have run out here or would live too long.</param>
    /// <exception cref="ArgumentException">A range in the limits of one is none; nothing changed.</exception>
    /// <returns>With the epoch that it has opened. <see cref="PushResult.WrongEpoch"/> also when another set of the edge came
    /// before this one was taken in whole: that one holds.</returns>
    public PushVerdict Sync(
        Instant now, string edge, ulong sequence, IReadOnlyCollection<PushedCredential> set, ulong epoch,
        ICollection<string> ended, ICollection<string> refused)
    {
        if (set.Count > _settings.PerEdge) return new(PushResult.Full);
        var ready = new Dictionary<Bytes, Ready>(set.Count, Bytes.ByContent);
        foreach (var credential in set)
        {
            var one = MakeReady(credential);
            ready[one.Name] = one;
        }

        // All or nothing: a set that claims another edge's username is no set of this one.
        foreach (var portion in ready.Keys.Chunk(Portion))
            if (AreAnothers(edge, portion)) return new(epoch == EpochOf(edge) ? PushResult.Forbidden : PushResult.WrongEpoch);
        Entry[] before;
        ulong opened;
        lock (_gate)
        {
            Sweep(now, ended);
            var shelf = ShelfOf(edge);
            if (epoch != shelf.Epoch) return new(PushResult.WrongEpoch);
            before = [.. shelf.Live, .. shelf.Withdrawn];
            (shelf.Epoch, shelf.Floor) = (opened = DrawEpoch(), sequence);
        }

        foreach (var portion in ready.Values.Chunk(Portion))
            if (!TryTakeIn(now, edge, opened, portion, ended, refused)) return new(PushResult.WrongEpoch);
        // After what took its place, so that a registration whose username is another now does not end.
        foreach (var portion in before.Chunk(Portion))
            if (!TryForget(edge, opened, portion, ended)) return new(PushResult.WrongEpoch);
        return new(PushResult.Kept, Epoch: opened);
    }

    bool AreAnothers(string edge, Bytes[] portion)
    {
        lock (_gate)
        {
            var shelf = ShelfOf(edge);
            return portion.Any(name => _byName.TryGetValue(name, out var known) && known.Shelf != shelf);
        }
    }

    bool TryTakeIn(
        Instant now, string edge, ulong opened, Ready[] portion, ICollection<string> ended, ICollection<string> refused)
    {
        lock (_gate)
        {
            var shelf = ShelfOf(edge);
            if (shelf.Epoch != opened) return false;
            foreach (var ready in portion)
            {
                if (_byName.TryGetValue(ready.Name, out var known))
                {
                    // Another edge made it in between.
                    if (known.Shelf != shelf) continue;
                    // Said in between, of an epoch that is this one's.
                    if (known.Epoch == opened && known.Sequence > ready.Credential.Sequence) continue;
                }

                if (Judge(now, ready.Credential) is null) Keep(now, shelf, ready, ended);
                else refused.Add(ready.Credential.Username);
            }

            return true;
        }
    }

    bool TryForget(string edge, ulong opened, Entry[] portion, ICollection<string> ended)
    {
        lock (_gate)
        {
            var shelf = ShelfOf(edge);
            if (shelf.Epoch != opened) return false;
            foreach (var entry in portion)
                if (entry.Epoch != opened && (shelf.Live.Contains(entry) || shelf.Withdrawn.Contains(entry))) Forget(entry, ended);
            return true;
        }
    }
}
