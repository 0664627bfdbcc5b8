using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Nodes.Enrol;

/// <summary>
/// An operator's certification authority for nodes, in a folder of its own: <c>operator-ca.pem</c> for everybody, its key, and
/// the certificate of the listener where nodes enrol.
/// </summary>
public sealed class OperatorAuthority : IDisposable
{
    /// <summary>How long a node's certificate counts; before that it enrols again.</summary>
    public static readonly TimeSpan NodeLifetime = TimeSpan.FromDays(397);

    public const string CertificateName = "operator-ca.pem";

    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    const string KeyName = "operator-ca-key.pem", ListenerName = "enrol.pem";

    // A clock of another machine may be behind.
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    readonly X509Certificate2 _certificate;
    readonly TimeProvider _time;

    OperatorAuthority(X509Certificate2 certificate, X509Certificate2 listener, Invitations invitations, TimeProvider time) =>
        (_certificate, Listener, Invitations, _time) = (certificate, listener, invitations, time);

    public Invitations Invitations { get; }

    /// <summary>With its key: by it a node knows the authority.</summary>
    public X509Certificate2 Listener { get; }

    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    public string Fingerprint => EnrolmentCode.FingerprintOf(Listener.RawData);

    /// <summary>Makes key and certificates, for ten years.</summary>
    /// <exception cref="RefusedException">There is one already, or the folder cannot be written.</exception>
    public static void Create(string folder, string name, TimeProvider time)
    {
        if (File.Exists(Path.Combine(folder, KeyName)))
            throw new RefusedException(
                $"{folder} has an authority; another would make its certificates worthless. Name another folder.");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NameOf(name), key, HashAlgorithmName.SHA256);
        // No authority below it.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - Skew, now.AddYears(10));
        using var listenerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var listener = Sign(
            certificate, new PublicKey(listenerKey), "enrol", [ServerAuthentication], now - Skew, now.AddYears(10));
        PrivateFiles.Write(folder, KeyName, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFiles.Write(
            folder, ListenerName, $"{listener.ExportCertificatePem()}\n{listenerKey.ExportPkcs8PrivateKeyPem()}\n");
        PrivateFiles.Write(folder, CertificateName, certificate.ExportCertificatePem() + "\n");
    }

    /// <exception cref="RefusedException">There is none.</exception>
    public static OperatorAuthority Open(string folder, TimeProvider time)
    {
        try
        {
            var listener = Path.Combine(folder, ListenerName);
            return new(
                X509Certificate2.CreateFromPemFile(Path.Combine(folder, CertificateName), Path.Combine(folder, KeyName)),
                X509Certificate2.CreateFromPemFile(listener, listener),
                new(Path.Combine(folder, "invitations.json"), time),
                time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new RefusedException($"{folder} has no authority that can be used; make one with portunus enrol ca.", e);
        }
    }

    /// <summary>
    /// A certificate with one name, for a server and a client. Of the request counts the key alone, and that who sent it has its
    /// private half: what else it asks for is not taken over.
    /// </summary>
    /// <returns>PEM; null when the request is none, or its key is weak.</returns>
    public string? Certify(string name, string requestPem)
    {
        PublicKey key;
        try
        {
            // This checks its signature.
            key = CertificateRequest.LoadSigningRequestPem(requestPem, HashAlgorithmName.SHA256).PublicKey;
            using var curve = key.GetECDsaPublicKey();
            if (curve is not { KeySize: 256 or 384 }) return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }

        var now = _time.GetUtcNow();
        using var signed = Sign(
            _certificate, key, name, [ServerAuthentication, ClientAuthentication], now - Skew, now + NodeLifetime);
        return signed.ExportCertificatePem() + "\n";
    }

    public void Dispose()
    {
        _certificate.Dispose();
        Listener.Dispose();
    }

    static X509Certificate2 Sign(
        X509Certificate2 authority, PublicKey key, string name, string[] purposes, DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest(NameOf(name), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        OidCollection oids = [.. purposes.Select(purpose => new Oid(purpose))];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var last = new DateTimeOffset(authority.NotAfter.ToUniversalTime());
        return request.Create(authority, from, until < last ? until : last, RandomNumberGenerator.GetBytes(16));
    }

    static X500DistinguishedName NameOf(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }
}
