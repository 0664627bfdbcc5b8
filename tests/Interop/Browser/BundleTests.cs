namespace Portunus.Tests.Interop.Browser;

/// <summary>The page that is committed is the page that its sources say, and nothing of where it was built is in it.</summary>
public sealed class BundleTests(FreshBuild fresh) : IClassFixture<FreshBuild>
{
    static readonly string Committed = Path.Combine(Checkout.Root, "src", "Server", "wwwroot");

    [Fact]
    public void The_committed_page_equals_a_fresh_build_byte_for_byte()
    {
        Assert.Equal(Files(fresh.Output), Files(Committed));
        foreach (var file in Files(Committed))
            Assert.True(
                File.ReadAllBytes(Path.Combine(Committed, file)).AsSpan()
                    .SequenceEqual(File.ReadAllBytes(Path.Combine(fresh.Output, file))),
                $"wwwroot/{file} is not what web/ builds: run npm ci && npm run build in web/ and commit the result.");
    }

    [Fact]
    public async Task The_pages_own_tests_pass() => Assert.Contains("fail 0", await fresh.NpmAsync("test"));

    [Fact]
    public void The_page_names_the_licence_of_everything_bundled_with_it()
    {
        var licences = File.ReadAllText(Path.Combine(Committed, "licences.txt"));
        foreach (var package in (string[])["jssip", "debug", "events", "ms", "sdp-transform"])
            Assert.Contains($"\n{package} ", licences);
        Assert.Contains("licences.txt", File.ReadLines(Path.Combine(Committed, "phone.js")).First());
    }

    [Fact]
    public void The_lock_file_names_hashes_and_no_host()
    {
        var lockFile = File.ReadAllText(Path.Combine(Checkout.Root, "web", "package-lock.json"));
        Assert.DoesNotContain("://", lockFile);
        Assert.Contains("sha512-", lockFile);
    }

    static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order()];
}
