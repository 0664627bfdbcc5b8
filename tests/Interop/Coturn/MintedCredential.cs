using System.Text.Json;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>What <c>portunus credentials mint</c> prints, for ten minutes.</summary>
sealed record MintedCredential(string Name, string Password)
{
    /// <param name="secret">As <c>--secret</c> takes it, with its hash.</param>
    public static MintedCredential Of(string secret)
    {
        var (code, output, errors) = PortunusProcess.Run(
            ["credentials", "mint", "--secret", secret, "--user", "4f9c2d7e1b6a", "--ttl", "600"]);
        Assert.True(code == 0, errors);
        using var json = JsonDocument.Parse(output);
        return new(
            json.RootElement.GetProperty("username").GetString()!, json.RootElement.GetProperty("credential").GetString()!);
    }
}
