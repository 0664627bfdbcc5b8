using Portunus.Bedrock;
using Portunus.Epcscf;

namespace Portunus.Nodes.Outside;

/// <summary>Who answers what an edge asks; of what is not there nobody is asked.</summary>
public sealed record EdgeOutside
{
    /// <summary>
    /// Before the deadline, so that what a push has gathered until then arrives as an answer and not as silence.
    /// </summary>
    static readonly TimeSpan Early = TimeSpan.FromMilliseconds(20);

    /// <summary>For access tokens; shared by all shards.</summary>
    public ITokenVerifier? Tokens { get; init; }

    /// <summary>For credentials of Approach 2; shared by all shards.</summary>
    public ICredentialPush? Push { get; init; }

    /// <summary>For all other credentials; null where the end of a registration is not told. Shared by all shards.</summary>
    public IRevocationFeed? Revocations { get; init; }

    /// <summary>The answer to a question; null when nobody here knows one: silence.</summary>
    internal async Task<EdgeAnswer?> AnswerAsync(EdgeQuestion question, Instant deadline, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var left = deadline - SystemClock.Now - Early;
        patience.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        return question switch
        {
            EdgeQuestion.VerifyToken verify when Tokens is not null =>
                await Tokens.VerifyAsync(verify.Token, verify.IsRecheck, patience.Token),
            EdgeQuestion.Push push when Push is not null =>
                new EdgeAnswer.Pushed(await Push.PushAsync(push.Credential, push.Servers, patience.Token)),
            EdgeQuestion.Keep keep when Push is not null =>
                new EdgeAnswer.Kept(await Push.KeepAsync(keep.Credential, patience.Token)),
            _ => null,
        };
    }
}
