using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Loopback;
using Portunus.Nodes.Tls;

namespace Portunus.Assessment.Management;

/// <summary>A certification authority and whom it certified: each certificate has its own name, and is made when it is first
/// needed.</summary>
sealed class FleetAuthority : IDisposable
{
    readonly LoopbackAuthority _authority;
    readonly string _folder;
    readonly Dictionary<string, TlsFiles> _files = [];
    readonly Lock _gate = new();

    /// <param name="folder">Gets a folder of its own.</param>
    /// <param name="name">Of the authority.</param>
    public FleetAuthority(string folder, string name)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        (Name, _authority) = (name, new(_folder));
    }

    public string Name { get; }

    public X509Certificate2 Root => _authority.Root;

    /// <summary>A server on this machine.</summary>
    /// <param name="id">Another one is another certificate.</param>
    public TlsFiles Server(string id) => Of(id, () => _authority.Server());

    /// <param name="id">Another one is another certificate.</param>
    /// <param name="dnsName">In the certificate.</param>
    public TlsFiles Client(string id, string dnsName) => Of(id, () => _authority.Client(dnsName));

    public void Dispose() => _authority.Dispose();

    TlsFiles Of(string id, Func<TlsFiles> make)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(id, out var known)) return known;
            // The authority names its files by what it certified, and writes over them.
            var made = make();
            var stem = Path.Combine(_folder, $"{_files.Count}");
            File.Copy(made.Certificate, stem + ".pem");
            File.Copy(made.Key, stem + ".key");
            return _files[id] = made with { Certificate = stem + ".pem", Key = stem + ".key" };
        }
    }
}
