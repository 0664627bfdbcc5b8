using System.Security.Cryptography;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

public sealed class TlsContextTests : IDisposable
{
    readonly PemFiles _files = PemFiles.Create("old.example.org");

    [Fact]
    public void A_new_certificate_is_for_new_sessions_and_the_old_ones_keep_theirs()
    {
        using var client = TlsContext.Client(isDatagrams: false);
        var before = TlsContext.ForStreams(_files.Certificate, _files.Key);
        using TlsPair half = new(before, client);
        using var old = new TlsPair(before, client).Opened();

        using var renewed = PemFiles.Create("new.example.org");
        _files.ReplaceBy(renewed);
        using var after = TlsContext.ForStreams(_files.Certificate, _files.Key);
        before.Dispose();

        // The one whose handshake had begun, and the one that was open.
        half.Opened();
        Assert.True(old.Client.TryWrite("still here"u8));
        Assert.Equal("still here"u8, old.Give(old.Server, TlsPair.TakeFrom(old.Client)));
        using var fresh = new TlsPair(after, client).Opened();
        Assert.Equal(("old.example.org", "old.example.org"), (half.ServersName, old.ServersName));
        Assert.Equal("new.example.org", fresh.ServersName);
    }

    [Fact]
    public void Threads_share_a_context_and_change_it_while_others_begin_sessions()
    {
        using var client = TlsContext.Client(isDatagrams: false);
        var current = TlsContext.ForStreams(_files.Certificate, _files.Key);
        Parallel.For(0, 400, i =>
        {
            // The one before is left to the collector: another thread may be about to begin with it.
            if (i % 20 == 0) Volatile.Write(ref current, TlsContext.ForStreams(_files.Certificate, _files.Key));
            using var pair = new TlsPair(Volatile.Read(ref current), client).Opened();
            Assert.True(pair.Client.TryWrite("heard"u8));
            Assert.Equal("heard"u8, pair.Give(pair.Server, TlsPair.TakeFrom(pair.Client)));
        });
        current.Dispose();
    }

    [Fact]
    public void A_file_that_is_missing_or_something_else_is_named()
    {
        var missing = Path.Combine(Path.GetTempPath(), "portunus-no-such-file.pem");
        Assert.Contains(missing, Refusal(missing, _files.Key), StringComparison.Ordinal);
        Assert.Contains(missing, Refusal(_files.Certificate, missing), StringComparison.Ordinal);
        Assert.Contains($"The certificate {_files.Key} cannot be read", Refusal(_files.Key, _files.Key), StringComparison.Ordinal);
        using var other = PemFiles.Create();
        Assert.Contains($"{other.Key} is not the private key of", Refusal(_files.Certificate, other.Key), StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_key_is_refused_and_nobody_is_asked_for_its_password()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        File.WriteAllText(_files.Key, key.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters));
        Assert.Contains("in plain PEM", Refusal(_files.Certificate, _files.Key), StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_missing_is_one_sentence_that_says_what_to_install()
    {
        Assert.Null(OpenSsl.ProblemWith("libssl.so.3", "libcrypto.so.3"));
        Assert.Equal(
            "TLS and DTLS need OpenSSL 3, and libssl.so.999 was not found; install libssl3 (Debian: apt install libssl3).",
            OpenSsl.ProblemWith("libssl.so.999", "libcrypto.so.3"));
    }

    [Fact]
    public void A_context_of_the_other_kind_is_a_programmers_mistake()
    {
        using var streams = TlsContext.ForStreams(_files.Certificate, _files.Key);
        using var datagrams = TlsContext.ForDatagrams(_files.Certificate, _files.Key);
        Assert.Throws<ArgumentException>(() => new TlsSession(datagrams, ServedStream.Start));
        Assert.Throws<ArgumentException>(() => DtlsSession.Accept(streams, ServedStream.Start, []));
    }

    public void Dispose() => _files.Dispose();

    static string Refusal(string certificate, string key)
    {
        var message = Assert.Throws<OpenSslException>(() => TlsContext.ForStreams(certificate, key)).Message;
        Assert.Equal(message, Assert.Throws<OpenSslException>(() => TlsContext.ForDatagrams(certificate, key)).Message);
        return message;
    }
}
