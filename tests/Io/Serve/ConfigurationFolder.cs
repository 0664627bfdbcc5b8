using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Web;

namespace Portunus.Tests.Io.Serve;

/// <summary>A folder with a configuration and the files that it names; goes with the test.</summary>
sealed class ConfigurationFolder : IDisposable
{
    public const string Domain = "ims.example.net";

    public const string Password = "a password with: a colon";

    public const string Token = "a-token-of-an-operator";

    public ConfigurationFolder()
    {
        Write("turn-secret", "a secret of relays\n");
        Write("oauth-key", $"a-key:A256GCM:{Convert.ToBase64String(new byte[32])}");
        Write("alice-password", Password);
        Write("admin-token", Token);
        WriteCertificate();
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>One for localhost; returns its fingerprint.</summary>
    public string WriteCertificate()
    {
        using var made = LoopbackCertificate.Create();
        using var key = made.GetECDsaPrivateKey()!;
        Write("certificate.pem", $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return made.Thumbprint;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
