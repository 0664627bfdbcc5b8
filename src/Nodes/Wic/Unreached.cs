using System.Net.Sockets;
using System.Security.Authentication;

namespace Portunus.Nodes.Wic;

/// <summary>Why a server could not be reached, in a sentence.</summary>
static class Unreached
{
    /// <param name="server">As it was named.</param>
    /// <param name="flag">That named it.</param>
    /// <param name="who">What should be there: "the edge".</param>
    /// <param name="e">What went wrong, with its causes.</param>
    public static string Sentence(Uri server, string flag, string who, Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            switch (cause)
            {
                case AuthenticationException:
                    return $"The certificate of {server} is not trusted; give --ca the PEM file of its authority.";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return $"The name {server.Host} is not known to the DNS; check {flag}.";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"Nobody listens at {server}; check {flag}, and that {who} is up.";
            }

        return $"{server} cannot be reached: {e.Message}";
    }
}
