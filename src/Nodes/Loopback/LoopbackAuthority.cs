using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Loopback;

/// <summary>
/// An operator's certification authority that lives as long as it takes to start: its key is in memory alone, and the PEM files
/// of whom it certified go with it. Who has read them goes on.
/// </summary>
public sealed class LoopbackAuthority : IDisposable
{
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // What is certified counts until the program ends.
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(397);

    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddDays(-1);
    readonly DirectoryInfo _folder;
    readonly X509Certificate2 _root;

    /// <param name="folder">Gets a folder that only this user can read.</param>
    /// <exception cref="RefusedException">No folder can be made there.</exception>
    public LoopbackAuthority(string folder)
    {
        var request = new CertificateRequest("CN=Portunus on this machine", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(_from, _from + Lifetime);
        try
        {
            var path = Path.Combine(folder, $"tls.{Environment.ProcessId}");
            _folder = OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The folder {folder} cannot be written; give another with --data DIR.", e);
        }

        RootFile = Write("root.pem", _root.ExportCertificatePem());
    }

    /// <summary>What it certifies with, without its key.</summary>
    public X509Certificate2 Root => _root;

    /// <summary>The same as a PEM file.</summary>
    public string RootFile { get; }

    /// <summary>A server on 127.0.0.1.</summary>
    public TlsFiles Server() => Issue("localhost", ServerAuthentication);

    /// <summary>A client of this dNSName.</summary>
    public TlsFiles Client(string name) => Issue(name, ClientAuthentication);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _root.Dispose();
        _key.Dispose();
    }

    TlsFiles Issue(string name, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (purpose == ServerAuthentication) names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(purpose)], false));
        using var certificate = request.Create(_root, _from, _from + Lifetime, RandomNumberGenerator.GetBytes(16));
        return new()
        {
            Certificate = Write($"{name}.pem", certificate.ExportCertificatePem()),
            Key = Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()),
            Authorities = RootFile,
        };
    }

    string Write(string name, string pem)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, pem + "\n");
        return file;
    }
}
