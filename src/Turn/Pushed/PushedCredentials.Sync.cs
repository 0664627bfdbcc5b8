using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

public sealed partial class PushedCredentials
{
    /// <summary>An edge says what its whole set is at this sequence: what it said before and is not in it ends.</summary>
    /// <param name="now">The wall clock judges expiry.</param>
    /// <param name="edge">Who says it.</param>
    /// <param name="sequence">Above that of all in the set.</param>
    /// <param name="set">Each username once.</param>
    /// <param name="epoch">For which it was meant; null for any.</param>
    /// <param name="ended">Takes registrations that have no credential left.</param>
    /// <param name="refused">Takes usernames that were not taken in: they have run out here or would live too long.</param>
    /// <exception cref="ArgumentException">A range in the limits of one is none; nothing changed.</exception>
    public PushVerdict Sync(
        Instant now, string edge, ulong sequence, IReadOnlyCollection<PushedCredential> set, ulong? epoch,
        ICollection<string> ended, ICollection<string> refused)
    {
        lock (_gate)
        {
            Sweep(now, ended);
            if (epoch is { } meant && meant != Epoch) return new(PushResult.WrongEpoch);
            var shelf = ShelfOf(edge);
            if (sequence < shelf.Floor) return new(PushResult.Older, shelf.Floor);
            if (set.Count > _settings.PerEdge) return new(PushResult.Full);
            var names = new Dictionary<Bytes, PushedCredential>(set.Count, Bytes.ByContent);
            foreach (var credential in set)
            {
                AllowanceOf(credential.Limits);
                names[Bytes.Utf8(credential.Username)] = credential;
            }

            // All or nothing: a set that claims another edge's username is no set of this one.
            foreach (var name in names.Keys)
                if (_byName.TryGetValue(name, out var known) && known.Shelf != shelf) return new(PushResult.Forbidden);

            foreach (var (name, credential) in names)
            {
                // What was said after this set was made stays as it is.
                if (_byName.TryGetValue(name, out var known) && known.Sequence > sequence) continue;
                if (known?.Credential is { } same && same.Sequence == credential.Sequence && IsSame(credential, same)) continue;
                if (Judge(now, credential) is null)
                {
                    Keep(now, shelf, name, credential, ended);
                    continue;
                }

                if (known is not null) Forget(known, ended);
                refused.Add(credential.Username);
            }

            foreach (var entry in shelf.Live.Where(e => e.Sequence <= sequence && !names.ContainsKey(e.Name)).ToArray())
                Forget(entry, ended);
            foreach (var entry in shelf.Withdrawn.Where(e => e.Sequence <= sequence).ToArray()) Forget(entry, ended);
            shelf.Floor = sequence;
            shelf.Hear(sequence);
            return new(PushResult.Kept);
        }
    }
}
