using System.Text.Json;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Wic;

/// <summary>A run of <c>portunus wic ... --json</c> and the object that it printed.</summary>
public sealed record WicRun(int Code, JsonElement Root, string Output, string Errors)
{
    public bool Ok => Root.GetProperty("ok").GetBoolean();

    public string? Error => Root.GetProperty("error").GetString();

    public IReadOnlyList<string> Steps =>
        [.. Root.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()!)];

    public static WicRun Of(params IEnumerable<string> words)
    {
        var (code, output, errors) = PortunusProcess.Run(["wic", .. words, "--json"]);
        return Read(code, output, errors);
    }

    public static WicRun Read(int code, string output, string errors)
    {
        Assert.True(output.StartsWith('{'), $"{code} {output} {errors}");
        return new(code, JsonDocument.Parse(output).RootElement, output, errors);
    }

    public string Detail(string step) => Root.GetProperty("steps").EnumerateArray()
        .First(s => s.GetProperty("name").GetString() == step).GetProperty("detail").GetString()!;

    /// <summary>Success, nothing on standard error, and each packet that was to come came.</summary>
    public void AssertNoLoss(int packets)
    {
        Assert.True(Code == 0 && Ok, $"{Code} {Output} {Errors}");
        Assert.Equal("", Errors);
        var media = Root.GetProperty("media");
        Assert.Equal(packets, media.GetProperty("expected").GetInt32());
        Assert.Equal(packets, media.GetProperty("received").GetInt32());
        Assert.Equal(0, media.GetProperty("lost").GetInt32());
        var trip = media.GetProperty("roundTrip");
        Assert.InRange(trip.GetProperty("p50").GetDouble(), 0.001, trip.GetProperty("p95").GetDouble());
    }

    /// <summary>Exit code 1, and one sentence on standard error that holds those words.</summary>
    public void AssertRefused(string words)
    {
        Assert.Equal((1, false), (Code, Ok));
        Assert.Contains(words, Error, StringComparison.Ordinal);
        Assert.Equal($"portunus: {Error}", Errors);
    }
}
