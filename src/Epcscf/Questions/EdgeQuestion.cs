using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>What an edge asks of the outside; the answer comes back by <see cref="Edge.OnAnswer"/>.</summary>
public abstract record EdgeQuestion
{
    EdgeQuestion()
    {
    }

    /// <summary>
    /// Is this access token good, and whose is it? Signature, issuer, audience and time are looked at out there.
    /// </summary>
    /// <param name="Token">A secret.</param>
    /// <param name="IsRecheck">Whether it was good before: only a revocation is of interest, so a memory must not answer.</param>
    public sealed record VerifyToken(string Token, bool IsRecheck = false) : EdgeQuestion
    {
        /// <summary>Without the token.</summary>
        public override string ToString() => nameof(VerifyToken);
    }

    /// <summary>What a way of provisioning asks: that somebody hears of a credential before the WIC does.</summary>
    /// <param name="Credential">The keys, not the password.</param>
    public abstract record Tell(PushedCredential Credential) : EdgeQuestion
    {
        /// <summary>Whether what is said to another question about the username is said to this one, too: who knows that credential
        /// knows it for as long as this one asks for, and no one else was to hear of it.</summary>
        public virtual bool IsAnsweredWith(Tell other) =>
            other.GetType() == GetType() && other.Credential.Expires >= Credential.Expires;

        public sealed override string ToString() => $"{GetType().Name} {Credential}";
    }

    /// <summary>Make this credential known to those TURN servers, all at once; who has acknowledged?</summary>
    /// <param name="Credential">The keys, not the password.</param>
    /// <param name="Servers">Names of the configuration, each once.</param>
    public sealed record Push(PushedCredential Credential, IReadOnlyList<string> Servers) : Tell(Credential)
    {
        public override bool IsAnsweredWith(Tell other) =>
            base.IsAnsweredWith(other) && !Servers.Except(((Push)other).Servers, StringComparer.Ordinal).Any();
    }

    /// <summary>Keep this credential for TURN servers that ask for it; is there room?</summary>
    /// <param name="Credential">The keys, not the password.</param>
    public sealed record Keep(PushedCredential Credential) : Tell(Credential);
}
