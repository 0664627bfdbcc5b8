namespace Portunus.Tests.Interop.Browser;

/// <summary>web/ built afresh in a folder of its own, from the packages that its lock file names.</summary>
public sealed class FreshBuild : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-web-");

    public string Sources => Path.Combine(_folder.FullName, "web");

    public string Output => Path.Combine(_folder.FullName, "wwwroot");

    public async ValueTask InitializeAsync()
    {
        Copy(Path.Combine(Checkout.Root, "web"), Sources);
        await NpmAsync("ci");
        await NpmAsync("run", "build", "--", Output);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public Task<string> NpmAsync(params string[] words) => Npm.RunAsync(Sources, words);

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from))
            if (Path.GetFileName(folder) is var name and not "node_modules")
                Copy(folder, Path.Combine(to, name));
    }
}
