using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

// What a statement costs to compute is computed before the lock that the workers' requests wait for.
public sealed partial class PushedCredentials
{
    /// <summary>The limits that were made ready last: an edge gives all its credentials the same. Replaced as a whole.</summary>
    volatile ReadyLimits _lastLimits = new(CredentialLimits.None, null);

    /// <exception cref="ArgumentException">A range of peers is none.</exception>
    Ready MakeReady(PushedCredential credential)
    {
        var name = Bytes.Utf8(credential.Username);
        var last = _lastLimits;
        if (!IsSame(credential.Limits, last.Limits)) _lastLimits = last = new(credential.Limits, Allowance.Of(credential.Limits));
        return new(name, UserHash.TryCompute(credential.Username, _realm, out var hash) ? hash : name, credential, last.Allowance);
    }

    sealed record ReadyLimits(CredentialLimits Limits, Allowance? Allowance);

    /// <summary>A credential with what is looked up of it.</summary>
    sealed record Ready(Bytes Name, Bytes Hash, PushedCredential Credential, Allowance? Allowance)
    {
        /// <summary>Without the keys.</summary>
        public override string ToString() => Credential.ToString();
    }
}
