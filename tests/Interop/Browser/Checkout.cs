namespace Portunus.Tests.Interop.Browser;

/// <summary>The source tree that these tests were built in.</summary>
static class Checkout
{
    // …/tests/Interop/bin/Debug/net10.0
    static readonly DirectoryInfo Framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    public static string Root => Framework.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;

    /// <summary>The server as its own project builds it, in the configuration of these tests.</summary>
    public static string Program =>
        Path.Combine(Root, "src", "Server", "bin", Framework.Parent!.Name, Framework.Name, "portunus.dll");
}
