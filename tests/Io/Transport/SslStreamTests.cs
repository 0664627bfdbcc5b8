using System.Net.Security;
using System.Security.Authentication;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

/// <summary>.NET's own client, over memory.</summary>
public sealed class SslStreamTests : IDisposable
{
    readonly PemFiles _files = PemFiles.Create();
    readonly TlsContext _context;
    readonly TlsSession _server;
    readonly ServedStream _wire;

    public SslStreamTests()
    {
        _context = TlsContext.ForStreams(_files.Certificate, _files.Key);
        _server = new(_context, ServedStream.Start);
        _wire = new(_server);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3")]
    public void Bytes_go_there_and_back_in_both_versions(SslProtocols protocol, string name)
    {
        using var client = Connect(protocol, [new("stun.turn")]);
        Assert.Equal((TlsState.Open, name), (_server.State, _server.Protocol));
        Assert.StartsWith(protocol == SslProtocols.Tls12 ? "ECDHE-" : "TLS_", _server.Cipher, StringComparison.Ordinal);
        var sent = new byte[100_000];
        Random.Shared.NextBytes(sent);
        for (var at = 0; at < sent.Length; at += 25_000) client.Write(sent, at, 25_000);
        var received = new byte[sent.Length];
        client.ReadExactly(received);
        Assert.Equal(sent, received);
        Assert.Equal(sent, _wire.Received);
        Assert.Equal(0, _server.OutgoingLength);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void The_name_of_TURN_is_chosen_among_those_offered(SslProtocols protocol)
    {
        using var client = Connect(protocol, [new("stun.nat-discovery"), new("stun.turn"), SslApplicationProtocol.Http11]);
        Assert.Equal("stun.turn", client.NegotiatedApplicationProtocol.ToString());
    }

    [Fact]
    public void A_client_that_names_no_protocol_is_served()
    {
        using var client = Connect(SslProtocols.Tls13, null);
        Assert.Equal(TlsState.Open, _server.State);
        Assert.Equal("", client.NegotiatedApplicationProtocol.ToString());
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("stun.nat-discovery")]
    [InlineData("stun.tur")]
    [InlineData("stun.turns")]
    public void A_client_that_offers_only_other_protocols_is_refused(string name)
    {
        Assert.ThrowsAny<AuthenticationException>(() => Connect(SslProtocols.Tls13, [new(name)]));
        Assert.Equal((TlsState.Closed, TlsEnd.Refused), (_server.State, _server.Ended));
        Assert.Equal("no application protocol", OpenSsl.Describe(_server.ErrorNumber));
    }

    [Fact]
    public async Task Close_notify_of_the_client_ends_the_session_and_is_answered()
    {
        using var client = Connect(SslProtocols.Tls13, null);
        await client.ShutdownAsync();
        Assert.Equal((TlsState.Closed, TlsEnd.ByPeer), (_server.State, _server.Ended));
        Assert.NotEqual(0, _server.OutgoingLength);
        Assert.Equal(0, client.Read(new byte[10]));
    }

    [Fact]
    public void Close_notify_of_the_server_is_the_end_of_the_clients_stream()
    {
        using var client = Connect(SslProtocols.Tls13, null);
        Assert.True(_server.TryWrite("last"u8));
        _server.Close();
        Assert.False(_server.TryWrite("too late"u8));
        Assert.Equal((TlsState.Closed, TlsEnd.Here), (_server.State, _server.Ended));
        client.ReadExactly(new byte[4]);
        Assert.Equal(0, client.Read(new byte[10]));
    }

    public void Dispose()
    {
        _server.Dispose();
        _context.Dispose();
        _files.Dispose();
    }

    SslStream Connect(SslProtocols protocol, List<SslApplicationProtocol>? names)
    {
        SslStream client = new(_wire, leaveInnerStreamOpen: false);
        client.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "turn.example.org",
            EnabledSslProtocols = protocol,
            ApplicationProtocols = names,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return client;
    }
}
