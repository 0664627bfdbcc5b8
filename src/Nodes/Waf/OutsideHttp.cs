using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Nodes.Waf;

/// <summary>HTTP to a server that an operator named: bounded, without proxy, cookies and redirects.</summary>
static class OutsideHttp
{
    /// <param name="authorities">Who signs its certificate; none: those of the system.</param>
    /// <param name="time">By which a certificate counts.</param>
    /// <param name="mostBytes">Of an answer.</param>
    /// <param name="shown">Our certificate; null for none.</param>
    /// <param name="address">Where it is, when the system's names do not tell.</param>
    public static HttpClient Create(
        IReadOnlyList<X509Certificate2> authorities, TimeProvider time, int mostBytes, X509Certificate2? shown = null,
        IPEndPoint? address = null)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A new certificate of either side counts from then on.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        if (shown is not null)
        {
            handler.SslOptions.ClientCertificateContext =
                SslStreamCertificateContext.Create(shown, additionalCertificates: null, offline: true);
        }

        if (authorities.Count > 0)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0
                && certificate is X509Certificate2 server
                && CertificateChain.IsServers(server, authorities, time.GetUtcNow());
        }

        if (address is not null) handler.ConnectCallback = (_, stop) => ConnectAsync(address, stop);
        return new(handler) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = mostBytes };
    }

    static async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken stop)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
