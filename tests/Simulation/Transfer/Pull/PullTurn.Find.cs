using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Turn;

namespace Portunus.Tests.Simulation.Transfer.Pull;

// The question to the edges, by the rules of CredentialFinder; and what an observer counts of it.
sealed partial class PullTurn
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly Dictionary<AskId, PullSearch> _searches = [];

    /// <summary>Requests to edges, each with the epoch in which it was made: an answer is to one of them, as over HTTP.</summary>
    readonly Dictionary<AskId, (PullSearch Search, int Edge, ulong Epoch)> _requests = [];
    readonly Deadlines<(AskId Search, int Edge)> _again = new();
    readonly Dictionary<int, ulong> _firstEpochs = [];
    readonly Dictionary<string, Instant> _disclaimed = [];
    readonly Dictionary<TransportAddress, (Instant Began, int Names)> _vain = [];
    ulong _lastRequest;

    void ForgetQuestions()
    {
        _searches.Clear();
        _requests.Clear();
        while (_again.TryPop(Instant.MaxValue, out _)) { }
        _calls.Clear();
        _disclaimed.Clear();
        _vain.Clear();
    }

    void Search(Instant now, AskId id, Instant deadline, PullCall call)
    {
        _facts.Questions++;
        call.Asked++;
        Judge(now, call);
        var search = new PullSearch(id, call, deadline);
        _searches.Add(id, search);
        for (var edge = 0; edge < _edges.Length; edge++) Ask(search, edge);
    }

    void Ask(PullSearch search, int edge)
    {
        var epoch = _plant == PullPlant.KeepsFirstEpoch ? _firstEpochs[edge] : _table.EpochOf(EdgeName(edge));
        var request = new AskId(++_lastRequest);
        _requests.Add(request, (search, edge, epoch));
        search.Waiting.Add(edge);
        Send(_edges[edge], new Letter.Find(_life, request, search.Call.Username));
    }

    void AskAgain(Instant now)
    {
        while (_again.TryPop(now, out var due))
            if (_searches.TryGetValue(due.Search, out var search) && search.Waiting.Contains(due.Edge)) Ask(search, due.Edge);
    }

    void OnTold(Instant now, int edge, Letter.Told told)
    {
        if (told.Life != _life || !_requests.Remove(told.Id, out var request)) return;
        var (search, _, epoch) = request;
        if (!_searches.ContainsKey(search.Id) || !search.Waiting.Contains(edge)) return;
        switch (told.What)
        {
            case FetchAnswer.Later:
                _facts.AskedAgain++;
                _again.Set((search.Id, edge), now + Pause);
                return;
            case FetchAnswer.Told { Credential: var credential }:
                if (_plant == PullPlant.NumbersAnew) credential = credential with { Sequence = 1UL << 50 };
                List<string> ended = [];
                var verdict = _table.Put(
                    now, EdgeName(edge), credential, _plant == PullPlant.IgnoresEpoch ? null : epoch, ended);
                Cut(now, ended);
                if (Knows(now, search.Call.Username))
                {
                    Conclude(now, search, new TurnAnswer.CredentialFound());
                    return;
                }

                if (verdict.Result == PushResult.Older) _facts.Overtaken++;
                if (verdict.Result == PushResult.WrongEpoch)
                {
                    _facts.WrongEpochs++;
                    _again.Set((search.Id, edge), now + Pause);
                    return;
                }

                search.IsUnknown = false;
                break;
        }

        search.Waiting.Remove(edge);
        if (search.Waiting.Count > 0) return;
        if (search.IsUnknown) _disclaimed[search.Call.Username] = now;
        Conclude(now, search, search.IsUnknown && _plant != PullPlant.ForgetsUnknown
            ? new TurnAnswer.CredentialUnknown()
            : new TurnAnswer.CredentialUnavailable());
    }

    void Conclude(Instant now, PullSearch search, TurnAnswer answer)
    {
        if (answer is TurnAnswer.CredentialFound) _facts.Found++;
        else CountVain(now, search.Call);
        if (answer is TurnAnswer.CredentialUnknown) _facts.Disclaimed++;
        if (answer is TurnAnswer.CredentialUnavailable) _facts.Unavailable++;
        Run(now, _turn.OnAnswer(now, search.Id, answer, _head));
        _searches.Remove(search.Id);
    }

    /// <summary>The machine takes silence for an answer, and what comes after it is heard by nobody.</summary>
    void GiveUp(Instant now)
    {
        foreach (var search in _searches.Values.Where(search => search.Deadline <= now).ToArray())
        {
            _facts.Silent++;
            _searches.Remove(search.Id);
            CountVain(now, search.Call);
        }
    }

    void CountVain(Instant now, PullCall call)
    {
        var source = call.Client.WithPort(0);
        _vain[source] = _vain.TryGetValue(source, out var said) && now < said.Began + UnknownNames
            ? (said.Began, said.Names + 1)
            : (now, 1);
    }

    void Judge(Instant now, PullCall call)
    {
        var isDisclaimed = _disclaimed.TryGetValue(call.Username, out var at) && now < at + UnknownNames;
        var isSuspect = _vain.TryGetValue(call.Client.WithPort(0), out var said) && now < said.Began + UnknownNames && said.Names >= 32;
        if (isDisclaimed || isSuspect || call.Asked > 1)
            _facts.Break(PullLaws.QuestionsAreBounded, Name, $"{call.Username} of {call.Client}");
    }

    static readonly TimeSpan UnknownNames = TimeSpan.FromSeconds(5);
}
