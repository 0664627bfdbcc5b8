using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Enrol;
using Portunus.Nodes.Tls;

namespace Portunus.Load;

/// <summary>The folder of one run: an operator's authority, one certificate for all nodes on this machine, and configurations.
/// It goes with the run.</summary>
sealed class OperatorFiles : IDisposable
{
    /// <summary>The dNSName of the certificate: every node here is reached by it.</summary>
    public const string Name = "localhost";

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-load-").FullName;

    public OperatorFiles()
    {
        OperatorAuthority.Create(_folder, "Load", TimeProvider.System);
        using var authority = OperatorAuthority.Open(_folder, TimeProvider.System);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        Tls = new()
        {
            Certificate = Write("node.pem", authority.Certify(Name, request)!),
            Key = Write("node-key.pem", key.ExportPkcs8PrivateKeyPem()),
            Authorities = Path.Combine(_folder, OperatorAuthority.CertificateName),
        };
    }

    public TlsFiles Tls { get; }

    /// <summary>The members of a configuration that name these files.</summary>
    public string TlsMembers =>
        $"\"certificate\": \"{Tls.Certificate}\", \"certificateKey\": \"{Tls.Key}\", \"authorities\": \"{Tls.Authorities}\"";

    public string PathOf(string name) => Path.Combine(_folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
