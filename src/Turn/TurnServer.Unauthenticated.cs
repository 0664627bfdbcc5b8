namespace Portunus.Turn;

// What those who have proved nothing are given of answers and of work.
public sealed partial class TurnServer
{
    /// <summary>Whether an answer to one who has proved nothing stays here; <see cref="DropReason.None"/> when it leaves.</summary>
    DropReason Withhold(scoped in Request request, int length)
    {
        var received = request.Message.Bytes.Length;
        var reason = _unauthenticated.Judge(
            request.Now, request.Path.FiveTuple.Client, request.Message.TransactionId, received, length);
        Counters.CountUnauthenticated(received, reason == DropReason.None ? length : 0);
        return reason;
    }

    /// <summary>The nonce was made for this source: somebody is there.</summary>
    void KnowSource(scoped ref Request request)
    {
        _unauthenticated.Know(request.Now, request.Path.FiveTuple.Client, request.MayBeForged ? request.Message.Bytes.Length : 0);
        request.ShowsNonce = true;
    }

    /// <summary>Whether a credential may be looked for. That of who is known on the five-tuple is at hand; all others are tries.</summary>
    bool MayTry(scoped ref Request request, ReadOnlySpan<byte> username, ReadOnlySpan<byte> token)
    {
        foreach (var known in Known(request))
            if (known is not null && (token.IsEmpty ? IsHere(request, known) && known.Username.Span.SequenceEqual(username)
                : known.Has(username, token)))
                return true;
        return MayTry(ref request);
    }

    /// <summary>Whether work is done for a source that has proved nothing but that it is there.</summary>
    bool MayTry(scoped ref Request request)
    {
        request.IsTry = true;
        return _unauthenticated.MayTry(request.Now, request.Path.FiveTuple.Client);
    }
}
