using System.Net;

namespace Portunus.Wic;

/// <summary>
/// What is shown to a TURN server that nobody named. "An auto-discovered TURN server is considered to be only as trusted as the path
/// between the client and the TURN server" (RFC 8155 §9).
/// </summary>
/// <remarks>
/// This client has no certificate to judge a server by: it speaks UDP, and a server proves itself only by the integrity of its
/// answers, after it has seen a request that was signed for the realm and nonce of its choice. From that anybody can try passwords
/// and secrets at leisure (RFC 8489 §16.1.1), so one that a person may have chosen goes only where the user said that it may. What a
/// machine drew cannot be tried, and an access token can be opened by nobody but the server that it was made for (RFC 7635 §4.1).
/// </remarks>
/// <param name="Networks">Whose servers may be shown everything: "a trusted list of servers, networks, or domains" (§9).</param>
public sealed record DiscoveryTrust(IReadOnlyList<IPNetwork> Networks)
{
    /// <param name="way">By which the server was found.</param>
    /// <param name="server">That was found.</param>
    /// <param name="isGuessable">Whether the credential is, or was made of, what a person may have chosen.</param>
    public bool MayAsk(DiscoveryWay way, TurnServerAddress server, bool isGuessable) =>
        !isGuessable || way.IsTheUsers || Networks.Any(network => network.Contains(server.Address.ToIPAddress()));
}
