using Portunus.Bedrock;

namespace Portunus.Epcscf;

// A credential is told in one question at a time: of two the later would overtake the earlier, whose WIC would hear of no credential.
public sealed partial class Edge
{
    readonly Dictionary<(string Realm, string Username), List<Kept>> _telling = [];
    readonly Queue<Kept> _turns = new();
    Instant? _turn;
    int _waiting;

    /// <summary>
    /// Asks, or waits for the question that is open about the same username; then the run begins again, with its answer where that
    /// says enough. Not null when there is no room.
    /// </summary>
    EdgeAnswer.NoRoom? TellInTurn(Instant now, Kept kept, EdgeQuestion.Tell question, TimeSpan patience)
    {
        var name = (question.Credential.Realm, question.Credential.Username);
        if (!_telling.TryGetValue(name, out var waiting))
        {
            if (!TryAsk(now, kept, question, patience)) return new();
            _telling.Add(name, []);
            return null;
        }

        if (_waiting >= _settings.Questions) return new();
        kept.Asked = question;
        waiting.Add(kept);
        _waiting++;
        return null;
    }

    /// <summary>The question is over. Who waited for it has a run of its own, at once: a run either asks or acts.</summary>
    void Told(Instant now, EdgeQuestion.Tell question, EdgeAnswer answer)
    {
        _telling.Remove((question.Credential.Realm, question.Credential.Username), out var waiting);
        _waiting -= waiting!.Count;
        foreach (var kept in waiting)
        {
            if (((EdgeQuestion.Tell)kept.Asked!).IsAnsweredWith(question)) kept.Put(question, answer);
            _turns.Enqueue(kept);
        }

        if (waiting.Count > 0) _turn = now;
    }

    void TakeTurns(Instant now)
    {
        _turn = null;
        while (_turns.TryDequeue(out var kept)) Rerun(now, kept);
    }
}
