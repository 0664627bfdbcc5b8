using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Tests.Io.Assessment;

/// <summary>Sends back what comes, over UDP, TCP and TLS; and clients of it.</summary>
sealed class EchoServer : IDisposable
{
    readonly UdpClient _datagrams = new(new IPEndPoint(IPAddress.Loopback, 0));
    readonly TcpListener _plain = new(IPAddress.Loopback, 0);
    readonly TcpListener _tls = new(IPAddress.Loopback, 0);
    readonly X509Certificate2 _certificate = Certificate();
    readonly CancellationTokenSource _end = new();

    public EchoServer()
    {
        _plain.Start(1024);
        _tls.Start(1024);
        _ = Task.Run(EchoDatagramsAsync);
        _ = Task.Run(() => AcceptAsync(_plain, EchoPlainAsync));
        _ = Task.Run(() => AcceptAsync(_tls, EchoTlsAsync));
    }

    public IPEndPoint Datagrams => (IPEndPoint)_datagrams.Client.LocalEndPoint!;

    public IPEndPoint Plain => (IPEndPoint)_plain.LocalEndpoint;

    public IPEndPoint Tls => (IPEndPoint)_tls.LocalEndpoint;

    /// <summary>Datagrams that arrived.</summary>
    public int Arrived { get; private set; }

    public static async Task<Socket> ConnectAsync(IPEndPoint at)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(at, TestContext.Current.CancellationToken);
        return socket;
    }

    public static async Task<SslStream> ConnectTlsAsync(IPEndPoint at, SslProtocols version = SslProtocols.Tls13)
    {
        var stream = new SslStream(new NetworkStream(await ConnectAsync(at), ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost", EnabledSslProtocols = version, AllowTlsResume = false,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
            TestContext.Current.CancellationToken);
        return stream;
    }

    /// <summary>Sends something and reads it back.</summary>
    public static async Task EchoAsync(Stream stream)
    {
        var buffer = new byte[100];
        await stream.WriteAsync(buffer, TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _end.Cancel();
        _datagrams.Dispose();
        _plain.Dispose();
        _tls.Dispose();
        _certificate.Dispose();
        _end.Dispose();
    }

    async Task EchoDatagramsAsync()
    {
        while (true)
        {
            var got = await _datagrams.ReceiveAsync(_end.Token);
            Arrived++;
            await _datagrams.SendAsync(got.Buffer, got.RemoteEndPoint, _end.Token);
        }
    }

    async Task AcceptAsync(TcpListener listener, Func<Socket, Task> serve)
    {
        while (true)
        {
            var socket = await listener.AcceptSocketAsync(_end.Token);
            socket.NoDelay = true;
            _ = Task.Run(() => serve(socket));
        }
    }

    async Task EchoPlainAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.CopyToAsync(stream, _end.Token);
    }

    async Task EchoTlsAsync(Socket socket)
    {
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
        await stream.CopyToAsync(stream, _end.Token);
    }

    static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
