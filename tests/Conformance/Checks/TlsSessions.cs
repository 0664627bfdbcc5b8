using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>What RFC 8489 §6.2.3 asks of TLS itself, at a server whose certificate is one of RSA.</summary>
[SupportedOSPlatform("linux")]
static class TlsSessions
{
    [Check("8489 6.2.3", Needs.Tls)]
    public static void ECDHE_with_RSA_and_AES_128_in_GCM_is_served(Trial t) =>
        MustAgreeOn(t, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);

    [Check("8489 6.2.3", Needs.Tls)]
    public static void DHE_with_RSA_and_AES_128_in_GCM_is_served(Trial t) =>
        MustAgreeOn(t, TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256);

    [Check("8489 6.2.3", Needs.Tls)]
    public static void Forward_secrecy_is_preferred_whatever_the_client_would_rather_have(Trial t) => MustAgreeOn(
        t, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);

    static void MustAgreeOn(Trial t, TlsCipherSuite suite, params TlsCipherSuite[] offered)
    {
        var socket = t.Keep(new Socket(t.Endpoint.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        socket.Connect(t.Endpoint.Address);
        var session = t.Keep(new SslStream(new NetworkStream(socket)));
        try
        {
            session.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = SslProtocols.Tls12,
                CipherSuitesPolicy = new(offered),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            throw new CheckFailedException($"{string.Join(" or ", offered)} is refused");
        }

        Require(session.NegotiatedCipherSuite == suite, $"the session has {session.NegotiatedCipherSuite}");
    }
}
