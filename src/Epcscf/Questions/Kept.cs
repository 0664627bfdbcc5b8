using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// The input of a run with what the outside has said for it so far; after each answer it is run again from its first check.
/// </summary>
abstract class Kept
{
    readonly List<(EdgeQuestion Question, EdgeAnswer Answer)> _heard = [];

    /// <summary>What it waits for, or would ask after what it waits for.</summary>
    public EdgeQuestion? Asked { get; set; }

    public void Put(EdgeQuestion question, EdgeAnswer answer) => _heard.Add((question, answer));

    /// <summary>
    /// What was asked and what was said to it; null before a question of that kind was asked. A run asks one of a kind.
    /// </summary>
    public (T Question, EdgeAnswer Answer)? Heard<T>() where T : EdgeQuestion
    {
        foreach (var (question, answer) in _heard)
            if (question is T asked) return (asked, answer);
        return null;
    }

    /// <summary>A request of a WIC or of the core; as it came it stands in its context, and each run edits a copy.</summary>
    public sealed class Request(ResponseContext<Neighbour, Errand> context) : Kept
    {
        public ResponseContext<Neighbour, Errand> Context { get; } = context;
    }

    /// <summary>The core's 2xx to a REGISTER, which waits for the credential that goes out with it.</summary>
    public sealed class Confirmation(ProxyBranch<Neighbour, Errand> branch, SipMessage response, Errand.Registering errand) : Kept
    {
        public ProxyBranch<Neighbour, Errand> Branch { get; } = branch;

        public SipMessage Response { get; } = response;

        public Errand.Registering Errand { get; } = errand;

        /// <summary>
        /// What the response has made or refreshed: the core's word is taken once, when it comes. Null when nothing.
        /// </summary>
        public Registration? Registration { get; set; }

        /// <summary>How that is reported, by the run that acts.</summary>
        public EdgeEvent Event { get; set; }

        public bool IsTaken { get; set; }
    }

    /// <summary>The token of a registration is due to be looked at again; nobody sent anything.</summary>
    public sealed class Recheck(Registration registration) : Kept
    {
        public Registration Registration { get; } = registration;

        /// <summary>As it was asked about: a fresh one may have come since.</summary>
        public VerifiedToken? Token { get; } = registration.Token;
    }

    /// <summary>A credential was asked for by HTTP.</summary>
    public sealed class Web(WebRequestId id, TokenClaims claims, TurnCredentialRequest wanted) : Kept
    {
        public WebRequestId Id { get; } = id;

        public TokenClaims Claims { get; } = claims;

        public TurnCredentialRequest Wanted { get; } = wanted;
    }
}
