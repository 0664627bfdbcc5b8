using Portunus.Bedrock;

namespace Portunus.Turn;

public sealed partial class PushedCredentials
{
    /// <summary>An edge withdraws a username, whether it is known or not: what was said of it before may come later.</summary>
    /// <param name="now">The time.</param>
    /// <param name="edge">Who says it.</param>
    /// <param name="username">Withdrawn.</param>
    /// <param name="sequence">Of this statement; null withdraws what is known at this moment and nothing that comes.</param>
    /// <param name="ended">Takes registrations that have no credential left.</param>
    public PushVerdict Delete(Instant now, string edge, string username, ulong? sequence, ICollection<string> ended)
    {
        var name = Bytes.Utf8(username);
        lock (_gate)
        {
            Sweep(now, ended);
            var shelf = ShelfOf(edge);
            if (_byName.TryGetValue(name, out var known))
            {
                if (known.Shelf != shelf) return new(PushResult.Forbidden);
                if (sequence < known.Sequence) return new(PushResult.Older, known.Sequence);
            }
            else
            {
                // Below the floor nothing can come any more; and what has no number says nothing of what may come.
                if (sequence is null || sequence <= shelf.Floor) return new(PushResult.Kept);
                _byName.Add(name, known = new(shelf, name));
            }

            known.Sequence = sequence ?? known.Sequence;
            known.Epoch = shelf.Epoch;
            Withdraw(now, known, ended);
            return new(PushResult.Kept);
        }
    }
}
