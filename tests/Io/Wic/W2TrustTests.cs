using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes;
using Portunus.Nodes.Web;
using Portunus.Nodes.Wic;
using Portunus.Tests.Io.Tls;

namespace Portunus.Tests.Io.Wic;

public sealed class W2TrustTests : IDisposable
{
    const SslPolicyErrors Unknown = SslPolicyErrors.RemoteCertificateChainErrors;

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_named_certificate_is_believed_under_its_own_name_and_no_other_is()
    {
        using var own = LoopbackCertificate.Keep(_folder);
        using var other = LoopbackCertificate.Create();
        var trust = W2Trust.Of("--ca", Path.Combine(_folder, "certificate.pem"));
        Assert.True(trust.Accepts(own, null, Unknown));
        Assert.False(trust.Accepts(own, null, Unknown | SslPolicyErrors.RemoteCertificateNameMismatch));
        Assert.False(trust.Accepts(other, null, Unknown));
        Assert.False(trust.Accepts(null, null, SslPolicyErrors.RemoteCertificateNotAvailable));
    }

    [Fact]
    public void Named_certificates_take_the_place_of_the_systems()
    {
        using var own = LoopbackCertificate.Keep(_folder);
        using var other = LoopbackCertificate.Create();
        Assert.False(W2Trust.Of("--ca", Path.Combine(_folder, "certificate.pem")).Accepts(other, null, SslPolicyErrors.None));
        Assert.True(W2Trust.System.Accepts(other, null, SslPolicyErrors.None));
        Assert.False(W2Trust.System.Accepts(own, null, Unknown));
        Assert.True(W2Trust.Any.Accepts(own, null, Unknown | SslPolicyErrors.RemoteCertificateNameMismatch));
    }

    [Fact]
    public void A_clients_certificate_of_a_named_authority_is_no_servers()
    {
        using var authority = new Authority();
        var trust = W2Trust.Of("--ca", authority.RootFile);
        using var server = X509CertificateLoader.LoadCertificateFromFile(authority.Server().Certificate);
        using var client = X509CertificateLoader.LoadCertificateFromFile(authority.Client("edge.example.net").Certificate);
        Assert.True(trust.Accepts(server, null, Unknown));
        Assert.False(trust.Accepts(client, null, Unknown));
        Assert.False(trust.Accepts(client, null, SslPolicyErrors.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData(null)]
    public void A_file_without_a_certificate_is_one_sentence_that_names_the_flag(string? content)
    {
        var file = Path.Combine(_folder, "ca.pem");
        if (content is not null) File.WriteAllText(file, content);
        var refused = Assert.Throws<RefusedException>(() => W2Trust.Of("--ca", file));
        Assert.StartsWith("--ca: the file ", refused.Message, StringComparison.Ordinal);
    }
}
