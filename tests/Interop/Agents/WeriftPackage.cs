using Portunus.Tests.Interop.Browser;

namespace Portunus.Tests.Interop.Agents;

/// <summary>werift installed in a folder of its own, as its lock file says.</summary>
public sealed class WeriftPackage : IAsyncLifetime
{
    static readonly string Sources = Path.Combine(Checkout.Root, "tests", "Interop", "Agents", "Werift");

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-werift-");

    public string Folder => _folder.FullName;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "package.json", "package-lock.json", ".npmrc", "peers.mjs" })
            File.Copy(Path.Combine(Sources, name), Path.Combine(Folder, name));
        await Npm.RunAsync(Folder, "ci");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
