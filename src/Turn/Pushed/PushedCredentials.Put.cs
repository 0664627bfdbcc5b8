using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

public sealed partial class PushedCredentials
{
    /// <summary>An edge makes a credential known, or says something new of one.</summary>
    /// <param name="now">The wall clock judges its expiry.</param>
    /// <param name="edge">Who says it.</param>
    /// <param name="credential">Of this realm.</param>
    /// <param name="epoch">For which it was meant; null for any.</param>
    /// <param name="ended">Takes registrations that have no credential left.</param>
    /// <exception cref="ArgumentException">A range in its limits is none; nothing changed.</exception>
    public PushVerdict Put(Instant now, string edge, PushedCredential credential, ulong? epoch, ICollection<string> ended)
    {
        var ready = MakeReady(credential);
        lock (_gate)
        {
            Sweep(now, ended);
            var shelf = ShelfOf(edge);
            if (epoch is { } meant && meant != shelf.Epoch) return new(PushResult.WrongEpoch);
            if (Judge(now, credential) is { } refused) return new(refused);
            if (!_byName.TryGetValue(ready.Name, out var known))
            {
                if (credential.Sequence <= shelf.Floor) return new(PushResult.Older, shelf.Floor);
            }
            else
            {
                if (known.Shelf != shelf) return new(PushResult.Forbidden);
                if (credential.Sequence == known.Sequence && IsSame(credential, known.Credential)) return new(PushResult.Kept);
                if (credential.Sequence <= known.Sequence) return new(PushResult.Older, known.Sequence);
            }

            var isNew = known?.Credential is null;
            if (isNew && shelf.Live.Count >= _settings.PerEdge) return new(PushResult.Full);
            Keep(now, shelf, ready, ended);
            return new(isNew ? PushResult.Created : PushResult.Kept);
        }
    }

    PushResult? Judge(Instant now, PushedCredential credential)
    {
        if (credential.Expires <= now.UnixSeconds) return PushResult.Expired;
        return credential.Expires - now.UnixSeconds > _settings.LongestLife.TotalSeconds ? PushResult.TooLong : null;
    }

    /// <summary>Whether a statement is one that was heard before, and not another under its number.</summary>
    static bool IsSame(PushedCredential said, PushedCredential? known) =>
        known is not null && said.Expires == known.Expires && said.Registration == known.Registration
        && said.KeyMd5.Span.SequenceEqual(known.KeyMd5.Span) && said.KeySha256.Span.SequenceEqual(known.KeySha256.Span)
        && IsSame(said.Limits, known.Limits);
}
