using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

// The other question of an Allocate: a username that nobody made known here may be one that an edge gave to its WIC (Approach 2,
// pull). It is asked after a fresh nonce of ours, bound to the source; once for a five-tuple, and for a bounded number of them.
public sealed partial class TurnServer
{
    /// <summary>How many searches may be open at once.</summary>
    const int MaxSearches = 1024;

    readonly Dictionary<FiveTuple, Search> _searches = [];
    readonly UnknownNames _unknownNames = new();

    (Instant Second, int Asked) _rate;

    /// <summary>Whether this run asks the edges, and so does nothing else: then <paramref name="forward"/> is what comes of
    /// it.</summary>
    bool Asks(scoped in Request request, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, out Forward forward)
    {
        forward = default;
        if (!_verifier.AsksEdges || request.Message.Method != StunMethod.Allocate || request.Allocation is not null) return false;
        if (request.Message.Bytes.Length > Waiting.LongestRequest || !PushedName.Is(username)) return false;
        var (now, tuple) = (request.Now, request.Path.FiveTuple);
        if (_searches.TryGetValue(tuple, out var search))
        {
            // The client was impatient: its reply comes with the answer.
            if (!search.IsOver) forward = Forward.Drop(DropReason.Asked);
            return !search.IsOver;
        }

        if (_openings.ContainsKey(tuple) || _verifier.TryFind(now, username, algorithm, attempt: 0, out _)) return false;
        var name = Encoding.ASCII.GetString(username);
        if (_unknownNames.Contains(now, name) || _unknownNames.IsSuspect(now, tuple.Client)) return false;
        forward = TryCount(now) ? AskEdges(request, name) : Forward.Drop(DropReason.TooManyQuestions);
        return true;
    }

    bool TryCount(Instant now)
    {
        if (_searches.Count >= MaxSearches) return false;
        if (now >= _rate.Second + TimeSpan.FromSeconds(1)) _rate = (now, 0);
        if (_rate.Asked >= _settings.QuestionsPerSecond) return false;
        _rate.Asked++;
        return true;
    }

    Forward AskEdges(scoped in Request request, string name)
    {
        var search = new Search(request.Path, request.Message.Bytes.ToArray(), name);
        var deadline = request.Now + _settings.FindCredentialDeadline;
        // There is room: searches are counted, as openings are.
        _questions.TryOpen(search, deadline, out var id);
        _searches.Add(request.Path.FiveTuple, search);
        _effects.Enqueue(new TurnEffect.Ask(id, new TurnQuestion.FindCredential(name), deadline));
        return Forward.Drop(DropReason.Asked);
    }

    /// <summary>Runs the kept request again, which now finds what the edges told, or nothing.</summary>
    Forward Rerun(Instant now, Search search, TurnAnswer? answer, Span<byte> head)
    {
        search.IsOver = true;
        // Who did not answer may know it another time.
        if (answer is TurnAnswer.CredentialUnknown) _unknownNames.Add(now, search.Username);
        if (answer is not TurnAnswer.CredentialFound) _unknownNames.Count(now, search.Path.FiveTuple.Client);
        var forward = OnClient(now, search.Path, search.Request, head);
        _searches.Remove(search.Path.FiveTuple);
        return forward;
    }
}
