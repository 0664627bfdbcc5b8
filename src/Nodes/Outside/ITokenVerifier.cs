using Portunus.Epcscf;

namespace Portunus.Nodes.Outside;

/// <summary>Tells whether an access token is good; asked by edges, off their threads.</summary>
public interface ITokenVerifier
{
    /// <summary>
    /// <see cref="EdgeAnswer.Verified"/> or <see cref="EdgeAnswer.NotVerified"/>; does not throw for any token.
    /// </summary>
    /// <param name="token">As the WIC sent it; a secret.</param>
    /// <param name="isRecheck">It was good before: no memory may answer.</param>
    /// <param name="patience">Ends when nobody waits any more.</param>
    Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck, CancellationToken patience);
}
