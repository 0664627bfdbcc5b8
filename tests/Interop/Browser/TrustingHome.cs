using System.Diagnostics;

namespace Portunus.Tests.Interop.Browser;

/// <summary>A user's home whose data base of certificates (NSS) believes one authority: there Chromium looks on Linux.</summary>
sealed class TrustingHome : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-home-");

    TrustingHome()
    {
    }

    public string Path => _folder.FullName;

    /// <param name="authority">PEM.</param>
    public static async Task<TrustingHome> MakeAsync(string authority)
    {
        var home = new TrustingHome();
        var place = $"sql:{home._folder.CreateSubdirectory(".pki/nssdb").FullName}";
        await CertutilAsync("-N", "-d", place, "--empty-password");
        // C: for certificates of TLS servers, and of nothing else.
        await CertutilAsync("-A", "-d", place, "-n", "operator", "-t", "C,,", "-i", authority);
        return home;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    static async Task CertutilAsync(params string[] words)
    {
        using var certutil = Process.Start(new ProcessStartInfo("certutil", words) { RedirectStandardError = true })!;
        var errors = await certutil.StandardError.ReadToEndAsync();
        await certutil.WaitForExitAsync();
        Assert.True(certutil.ExitCode == 0, $"certutil {string.Join(' ', words)}: {errors}");
    }
}
