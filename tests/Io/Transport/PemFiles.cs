using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Tests.Io.Transport;

/// <summary>A self-signed certificate and its key as PEM files in a folder of their own, removed at the end.</summary>
sealed class PemFiles : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-pem-");

    public string Certificate => Path.Combine(_folder.FullName, "certificate.pem");

    public string Key => Path.Combine(_folder.FullName, "key.pem");

    /// <param name="name">The subject's CN.</param>
    public static PemFiles Create(string name = "turn.example.org")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Write(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>One with an RSA key that fills more than a datagram.</summary>
    public static PemFiles CreateLarge()
    {
        using var key = RSA.Create(2048);
        CertificateRequest request = new("CN=large.example.org", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        for (var i = 0; i < 100; i++) names.AddDnsName($"server-number-{i}.large.example.org");
        request.CertificateExtensions.Add(names.Build());
        return Write(request, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Other files in their place, as a renewal does it.</summary>
    public void ReplaceBy(PemFiles other)
    {
        File.Copy(other.Certificate, Certificate, overwrite: true);
        File.Copy(other.Key, Key, overwrite: true);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    static PemFiles Write(CertificateRequest request, string key)
    {
        PemFiles files = new();
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key);
        return files;
    }
}
