using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Nodes.Waf;

/// <summary>HTTP to servers that an operator named: bounded, without proxy, cookies and redirects.</summary>
static class OutsideHttp
{
    /// <param name="authorities">Who signs its certificate; none: those of the system.</param>
    /// <param name="time">By which a certificate counts.</param>
    /// <param name="mostBytes">Of an answer.</param>
    /// <param name="shown">Our certificate; null for none.</param>
    /// <param name="address">Where it is, when the system's names do not tell.</param>
    public static HttpClient Create(
        IReadOnlyList<X509Certificate2> authorities, TimeProvider time, int mostBytes, X509Certificate2? shown = null,
        IPEndPoint? address = null) =>
        new(CreateHandler(_ => authorities, time, address is null ? null : _ => address, shown))
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = mostBytes,
        };

    /// <param name="authoritiesOf">Who signs the certificate of a host; none: those of the system.</param>
    /// <param name="time">By which a certificate counts.</param>
    /// <param name="addressOf">Where a host is, when the system's names do not tell; null when they do.</param>
    /// <param name="shown">Our certificate; null for none.</param>
    public static SocketsHttpHandler CreateHandler(
        Func<string, IReadOnlyList<X509Certificate2>> authoritiesOf, TimeProvider time,
        Func<DnsEndPoint, IPEndPoint?>? addressOf = null, X509Certificate2? shown = null)
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

        handler.SslOptions.RemoteCertificateValidationCallback = (stream, certificate, _, errors) =>
        {
            var authorities = authoritiesOf(((SslStream)stream).TargetHostName);
            return authorities.Count == 0
                ? errors == SslPolicyErrors.None
                : (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0
                    && certificate is X509Certificate2 server
                    && CertificateChain.IsServers(server, authorities, time.GetUtcNow());
        };
        if (addressOf is not null)
            handler.ConnectCallback = (context, stop) => ConnectAsync(addressOf(context.DnsEndPoint), context.DnsEndPoint, stop);
        return handler;
    }

    static async ValueTask<Stream> ConnectAsync(IPEndPoint? address, DnsEndPoint name, CancellationToken stop)
    {
        var socket = address is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            await socket.ConnectAsync((EndPoint?)address ?? name, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
