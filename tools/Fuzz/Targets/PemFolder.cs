using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Fuzz.Targets;

/// <summary>A self-signed certificate and its key as files, removed at the end.</summary>
sealed class PemFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-fuzz-pem-");

    public PemFolder()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=turn.example.org", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    public string Certificate => Path.Combine(_folder.FullName, "certificate.pem");

    public string Key => Path.Combine(_folder.FullName, "key.pem");

    public void Dispose() => _folder.Delete(recursive: true);
}
