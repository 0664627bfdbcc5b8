using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portunus.Nodes.Web;

/// <summary>A self-signed certificate for localhost, 127.0.0.1 and ::1: browsers ask once whether to trust it.</summary>
public static class LoopbackCertificate
{
    const string FileName = "certificate.pem";

    // Browsers refuse a server certificate that is valid for longer than 398 days.
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(397);

    /// <summary>One that lives in memory alone.</summary>
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        // Server authentication (RFC 5280 §4.2.1.12).
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        // A day back: the clock of a virtual machine may be a little behind when it wakes.
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        return request.CreateSelfSigned(from, from + Lifetime);
    }

    /// <summary>
    /// The one kept in <paramref name="folder"/>, so that a browser's trust outlives a restart; made anew near its end.
    /// </summary>
    /// <exception cref="RefusedException">The file cannot be read or written.</exception>
    public static X509Certificate2 Keep(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(file) && Read(file) is { } kept) return kept;
            var made = Create();
            using var key = made.GetECDsaPrivateKey()!;
            Write(file, $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The certificate {file} cannot be kept; give --data a folder that can be written.", e);
        }
    }

    static X509Certificate2? Read(string file)
    {
        try
        {
            var kept = X509Certificate2.CreateFromPemFile(file, file);
            if (kept.NotAfter.ToUniversalTime() > DateTime.UtcNow.AddDays(7)) return kept;
            kept.Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            // Not ours, or half written: made anew.
            return null;
        }
    }

    static void Write(string file, string pem)
    {
        // Beside it and then moved over it: two that write at once leave one whole file.
        var draft = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, Encoding.ASCII, options)) writer.Write(pem);
        File.Move(draft, file, overwrite: true);
    }
}
