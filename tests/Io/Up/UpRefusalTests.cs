using System.Net;
using System.Net.Sockets;
using Portunus.Nodes.Web;

namespace Portunus.Tests.Io.Up;

/// <summary>What <c>portunus up</c> does not do: one sentence, the exit code, and nothing left behind.</summary>
public sealed class UpRefusalTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--http")]
    [InlineData("--https")]
    public async Task A_taken_TCP_port_is_one_sentence_with_port_and_flag(string flag)
    {
        using var taken = LoopbackPort.Bind(flag, 0);
        await RefusedAsync(flag, taken.Port);
    }

    [Fact]
    public async Task A_port_taken_on_IPv6_alone_is_taken()
    {
        if (!Socket.OSSupportsIPv6) return;
        using var taken = new TcpListener(IPAddress.IPv6Loopback, 0);
        taken.Start();
        await RefusedAsync("--http", ((IPEndPoint)taken.LocalEndpoint).Port);
    }

    [Fact]
    public async Task A_taken_UDP_port_is_one_sentence_with_port_and_flag()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await RefusedAsync("--turn", ((IPEndPoint)taken.Client.LocalEndPoint!).Port);
    }

    [Fact]
    public async Task A_second_copy_is_refused_and_the_first_serves_on()
    {
        await using var first = await UpProcess.ReadyAsync();
        foreach (var protocol in new[] { "http", "https", "turn" }) await RefusedAsync($"--{protocol}", first.Port(protocol));
        using var http = new HttpClient();
        Assert.NotEmpty(await http.GetStringAsync($"http://localhost:{first.Port("http")}/config.json", Stop));
    }

    [Theory]
    [InlineData("--http", "65536")]
    [InlineData("--realm", "not a domain")]
    [InlineData("--realm", "münchen.example")]
    [InlineData("--subscriber", "nobody")]
    [InlineData("--subscriber", "alice\n:password")]
    [InlineData("--subscriber", "a b:password")]
    [InlineData("--workers", "2")]
    public async Task Wrong_usage_ends_with_2(string flag, string value)
    {
        await using var up = UpProcess.Start(flag, value);
        var (code, errors) = await up.EndAsync();
        Assert.Equal(2, code);
        Assert.Contains(flag, errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(up.Temporary, "portunus-*"));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_used_is_one_sentence()
    {
        var file = typeof(UpRefusalTests).Assembly.Location;
        await using var up = UpProcess.Start("--http", "0", "--https", "0", "--turn", "0", "--data", Path.Combine(file, "kept"));
        var (code, errors) = await up.EndAsync();
        Assert.Equal(1, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Contains(file, errors, StringComparison.Ordinal);
    }

    /// <summary>The other ports are free ones, so that the sentence can only be about this one.</summary>
    static async Task RefusedAsync(string flag, int port)
    {
        var words = new[] { "--http", "--https", "--turn" }.SelectMany(each => new[] { each, each == flag ? $"{port}" : "0" });
        await using var up = UpProcess.Start([.. words]);
        var (code, errors) = await up.EndAsync();
        Assert.Equal(1, code);
        var sentence = Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Contains($"{port}", sentence, StringComparison.Ordinal);
        Assert.Contains(flag, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("ready", up.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(up.Temporary, "portunus-*"));
    }
}
