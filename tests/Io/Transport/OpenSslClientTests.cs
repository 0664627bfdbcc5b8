using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

/// <summary>The program <c>openssl s_client</c>, over sockets.</summary>
public sealed class OpenSslClientTests : IDisposable
{
    readonly PemFiles _files = PemFiles.Create();

    [Theory]
    [InlineData("-tls1_2", "New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-tls1_3", "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384")]
    public async Task It_speaks_TLS_and_names_TURN(string version, string cipher)
    {
        using var context = TlsContext.ForStreams(_files.Certificate, _files.Key);
        await using TlsEcho echo = new(context);
        await using var client = OpenSslClient.Start(echo.Port, version, "-alpn", "http/1.1,stun.turn");
        await client.SaysAsync("ALPN protocol: stun.turn");
        await client.SaysAsync(cipher);
        await HearsAgainAsync(client, "there and back");
        Assert.DoesNotContain("NewSessionTicket", client.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("TLS session ticket", client.Output, StringComparison.Ordinal);
        await client.SayAsync("Q");
        await Eventually.TrueAsync(() => echo.Ended == TlsEnd.ByPeer);
    }

    [Theory]
    [InlineData("-tls1_1")]
    [InlineData("-tls1")]
    public async Task It_gets_no_older_version(string version)
    {
        using var context = TlsContext.ForStreams(_files.Certificate, _files.Key);
        await using TlsEcho echo = new(context);
        await using var client = OpenSslClient.Start(echo.Port, version, "-cipher", "ALL:@SECLEVEL=0");
        await client.SaysAsync("alert protocol version");
        await Eventually.TrueAsync(() => echo.Ended == TlsEnd.Refused);
    }

    [Fact]
    public async Task It_may_ask_for_new_keys()
    {
        using var context = TlsContext.ForStreams(_files.Certificate, _files.Key);
        await using TlsEcho echo = new(context);
        await using var client = OpenSslClient.Start(echo.Port, "-tls1_3");
        await HearsAgainAsync(client, "before");
        await client.SayAsync("K");
        await client.SaysAsync("KEYUPDATE");
        await HearsAgainAsync(client, "after");
    }

    [Fact]
    public async Task It_may_not_renegotiate()
    {
        using var context = TlsContext.ForStreams(_files.Certificate, _files.Key);
        await using TlsEcho echo = new(context);
        await using var client = OpenSslClient.Start(echo.Port, "-tls1_2");
        await HearsAgainAsync(client, "before");
        await client.SayAsync("R");
        await client.SaysAsync("no renegotiation");
    }

    [Theory]
    [InlineData("-dtls1_2")]
    [InlineData("-dtls")]
    public async Task It_speaks_DTLS_and_names_TURN(string version)
    {
        using var context = TlsContext.ForDatagrams(_files.Certificate, _files.Key);
        await using DtlsEcho echo = new(context);
        await using var client = OpenSslClient.Start(echo.Port, version, "-alpn", "stun.turn", "-mtu", "1200");
        await client.SaysAsync("ALPN protocol: stun.turn");
        await client.SaysAsync("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384");
        await HearsAgainAsync(client, "there and back");
    }

    [Fact]
    public async Task A_hello_in_fragments_is_answered_and_opens()
    {
        using var context = TlsContext.ForDatagrams(_files.Certificate, _files.Key);
        await using DtlsEcho echo = new(context);
        // 256 bytes a datagram: the hello with so long a name of a server comes in two, and the certificate in pieces.
        var name = $"{new string('a', 60)}.{new string('b', 60)}.example.org";
        await using var client = OpenSslClient.Start(echo.Port, "-dtls1_2", "-mtu", "256", "-servername", name);
        await client.SaysAsync("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384");
        await HearsAgainAsync(client, "there and back");
    }

    [Fact]
    public async Task DTLS_1_0_is_refused()
    {
        using var context = TlsContext.ForDatagrams(_files.Certificate, _files.Key);
        await using DtlsEcho echo = new(context);
        await using var client = OpenSslClient.Start(echo.Port, "-dtls1", "-cipher", "ALL:@SECLEVEL=0");
        await client.SaysAsync("protocol version");
    }

    public void Dispose() => _files.Dispose();

    /// <summary>The server says again what a client said.</summary>
    static async Task HearsAgainAsync(OpenSslClient client, string line)
    {
        await client.SayAsync(line);
        await client.SaysAsync($"\n{line}\n");
    }
}
