using Portunus.Epcscf;

namespace Portunus.Nodes.Outside;

/// <summary>Tells TURN servers of registrations that ended, for an edge that gives credentials without telling them.</summary>
public interface IRevocationFeed
{
    /// <summary>Sees to it that every server named denies the id; returns at once, and does not give up before the credentials
    /// have expired.</summary>
    void Revoke(EdgeEffect.Revoke revocation);
}
