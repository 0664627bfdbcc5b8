using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Tests.Io.Waf;

/// <summary>An operator's certificate authority.</summary>
sealed class Authority : IDisposable
{
    readonly X509Certificate2 _certificate;

    Authority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>Without its key: what is handed around.</summary>
    public X509Certificate2 Public => X509CertificateLoader.LoadCertificate(_certificate.RawData);

    public static Authority Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"CN=Authority {Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}";
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = DateTimeOffset.UtcNow;
        return new(request.CreateSelfSigned(now.AddYears(-1), now.AddYears(1)));
    }

    /// <summary>A certificate with one name, for a client and a server.</summary>
    /// <param name="name">Its dNSName.</param>
    /// <param name="from">Days from today from which it counts.</param>
    /// <param name="until">Days from today until which it does.</param>
    public X509Certificate2 Issue(string name, int from = -1, int until = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=client", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        OidCollection purposes = [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        var now = DateTimeOffset.UtcNow;
        using var signed = request.Create(_certificate, now.AddDays(from), now.AddDays(until), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose() => _certificate.Dispose();
}
