using Portunus.Bedrock;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>
    /// The outside answered: the answer is put where the rule looks, and the kept input is run again from its first check. Late
    /// answers are ignored.
    /// </summary>
    public void OnAnswer(Instant now, AskId ask, EdgeAnswer answer)
    {
        if (!_questions.TryClose(ask, out var kept)) return;
        Conclude(now, kept, answer);
        Settle(now);
    }

    /// <summary>
    /// Null when the run has asked: it does nothing else. Not null without a question: there was no room for one. What was
    /// answered already is with <paramref name="kept"/>, and is looked for before.
    /// </summary>
    EdgeAnswer.NoRoom? Ask(Instant now, Kept kept, EdgeQuestion question, TimeSpan patience)
    {
        if (question is EdgeQuestion.Tell tell) return TellInTurn(now, kept, tell, patience);
        return TryAsk(now, kept, question, patience) ? null : new();
    }

    bool TryAsk(Instant now, Kept kept, EdgeQuestion question, TimeSpan patience)
    {
        if (!_questions.TryOpen(kept, now + patience, out var id)) return false;
        kept.Asked = question;
        _effects.Enqueue(new EdgeEffect.Ask(id, question, now + patience));
        return true;
    }

    /// <summary>A question is over: whose it was runs again, and who waited for it is due.</summary>
    void Conclude(Instant now, Kept kept, EdgeAnswer answer)
    {
        var question = kept.Asked!;
        kept.Put(question, answer);
        if (question is EdgeQuestion.Tell told) Told(now, told, answer);
        if (kept is Kept.Recheck recheck) OnRechecked(now, recheck, answer);
        else Rerun(now, kept);
    }

    void Rerun(Instant now, Kept kept)
    {
        switch (kept)
        {
            // Its WebSocket closed, or its transaction ended: nobody waits for it any more.
            case Kept.Request { Context.IsEnded: true }:
                break;
            case Kept.Request { Context.IsCancelled: true } request:
                Refuse(now, request.Context, 487);
                break;
            case Kept.Request { Context.Path.IsWic: true } request:
                FromWic(now, request, request.Context.Request.Copy());
                break;
            case Kept.Request request:
                FromCore(now, request, request.Context.Request.Copy());
                break;
            case Kept.Confirmation confirmation:
                OnRegisterResponse(now, confirmation, isLocal: false);
                break;
            case Kept.Web web:
                RunWebRequest(now, web);
                break;
        }
    }
}
