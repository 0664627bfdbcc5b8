using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Tls;

namespace Portunus.Tests.Io.Tls;

/// <summary>
/// A certification authority for tests, with a folder of its own: it certifies servers and clients, and writes PEM files as an
/// operator would have them. Everything is gone when it is disposed.
/// </summary>
public sealed class Authority : IDisposable
{
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-ca-").FullName;
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _root;
    int _issued;

    public Authority(string name = "Operator")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        RootFile = Write("root", _root.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate, PEM.</summary>
    public string RootFile { get; }

    /// <summary>A server at localhost, 127.0.0.1 and ::1, and under the names given.</summary>
    public TlsFiles Server(params string[] names) => Issue(["localhost", .. names], ServerAuthentication, loopback: true);

    /// <summary>A client with dNSNames.</summary>
    public TlsFiles Client(params string[] names) => Issue(names, ClientAuthentication);

    /// <summary>A node that is both, as an operator's nodes commonly are.</summary>
    public TlsFiles Node(params string[] names) =>
        Issue(["localhost", .. names], $"{ServerAuthentication} {ClientAuthentication}", loopback: true);

    /// <summary>A client whose certificate was over an hour ago.</summary>
    public TlsFiles Expired(params string[] names) =>
        Issue(names, ClientAuthentication, ends: DateTimeOffset.UtcNow.AddHours(-1));

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _root.Dispose();
        _key.Dispose();
    }

    TlsFiles Issue(string[] names, string usages, bool loopback = false, DateTimeOffset? ends = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[^1]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names) alternatives.AddDnsName(name);
        if (loopback) alternatives.AddIpAddress(IPAddress.Loopback);
        if (loopback) alternatives.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        OidCollection purposes = [.. usages.Split(' ').Select(usage => new Oid(usage))];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        var from = DateTimeOffset.UtcNow.AddHours(-2);
        using var certificate = request.Create(
            _root, from, ends ?? DateTimeOffset.UtcNow.AddDays(7), RandomNumberGenerator.GetBytes(16));
        var file = $"{++_issued}-{names[^1]}";
        return new()
        {
            Certificate = Write(file, certificate.ExportCertificatePem()),
            Key = Write($"{file}.key", key.ExportPkcs8PrivateKeyPem()),
            Authorities = RootFile,
        };
    }

    string Write(string name, string pem)
    {
        var file = Path.Combine(_folder, $"{name}.pem");
        File.WriteAllText(file, pem + "\n");
        return file;
    }
}
