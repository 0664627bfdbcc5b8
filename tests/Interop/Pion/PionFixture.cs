using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Interop.Pion;

/// <summary>The program of echo.go, built from the Go packages of Debian in a folder of its own, with the compiler's cache.</summary>
public sealed class PionFixture : IAsyncLifetime
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pion-");

    public string Program => Path.Combine(_folder.FullName, "echo");

    public async ValueTask InitializeAsync()
    {
        Dictionary<string, string> environment = new()
        {
            // As Debian's own packages are built: sources of /usr/share/gocode, and nothing from a network.
            ["GO111MODULE"] = "off", ["GOPATH"] = "/usr/share/gocode", ["GOFLAGS"] = "", ["GOPROXY"] = "off",
            ["GOCACHE"] = Path.Combine(_folder.FullName, "cache"),
        };
        var source = Path.Combine(Repository.Root, "tests", "Interop", "Pion", "echo.go");
        (await JsonProgram.RunAsync("go", ["build", "-o", Program, source], environment)).AssertSuccess();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
