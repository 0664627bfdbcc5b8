using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Server.Commands;

/// <summary>What <c>portunus wic</c> prints: each step as it ends and the figures, or all as one JSON object.</summary>
sealed class WicReport
{
    static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly string _command;
    readonly bool _json;

    /// <param name="command">The word after <c>wic</c>.</param>
    /// <param name="json">One object at the end instead of lines.</param>
    public WicReport(string command, bool json)
    {
        (_command, _json) = (command, json);
        Timeline = new(step =>
        {
            if (!json) Console.WriteLine(Line(step));
        });
    }

    public Timeline Timeline { get; }

    /// <summary>The line that scripts wait for; on standard error where standard output is for the object alone.</summary>
    public void Ready() => (_json ? Console.Error : Console.Out).WriteLine("ready");

    /// <summary>Runs it to its end and says what came of it.</summary>
    /// <param name="journey">What is done; null for what sends no packets.</param>
    /// <exception cref="RefusedException">It came to nothing, or packets were lost.</exception>
    public async Task<int> RunAsync(Func<Task<MediaReport?>> journey)
    {
        MediaReport? media = null;
        string? fault;
        try
        {
            media = await journey();
            fault = media is null ? null : Fault(media);
        }
        catch (RefusedException refused)
        {
            fault = refused.Message;
        }
        catch (OperationCanceledException)
        {
            fault = "It was stopped before it was done.";
        }

        if (_json) Console.WriteLine(JsonSerializer.Serialize(Object(media, fault), Format));
        else if (media is not null) Console.WriteLine(Figures(media));
        return fault is null ? CommandLine.Success : throw new RefusedException(fault);
    }

    /// <summary>
    /// Null when nothing was lost. What comes back from an echo is what counts; in a call, what the other side sent.
    /// </summary>
    static string? Fault(MediaReport media) => media switch
    {
        { Sent: 0 } => "Not one packet was sent: the other side was not heard.",
        { Heard: 0, Returned: 0 } => $"None of {media.Sent} packets came back.",
        _ when Came(media) is var (came, of) && came < of => $"{of - came} of {of} packets were lost.",
        _ => null,
    };

    static string Figures(MediaReport media)
    {
        var (came, of) = Came(media);
        return string.Create(CultureInfo.InvariantCulture,
            $"{media.Sent} sent, {came} of {of} came, {of - came} lost ({Share(of - came, of):0.##} %); round trip ")
            + (media.RoundTrips.Count == 0
                ? "unknown"
                : $"p50 {Text(media.Percentile(0.5)!.Value)}, p95 {Text(media.Percentile(0.95)!.Value)}, "
                    + $"longest {Text(media.RoundTrips[^1])}");
    }

    object Object(MediaReport? media, string? fault) => new
    {
        command = _command,
        ok = fault is null,
        error = fault,
        steps = Timeline.Steps.Select(step => new
        {
            name = step.Name, at = Milliseconds(step.At), took = Milliseconds(step.Took), ok = !step.Failed, detail = step.Detail,
        }),
        media = media is null ? null : new
        {
            sent = media.Sent,
            expected = Came(media).Of,
            received = Came(media).Came,
            lost = Came(media).Of - Came(media).Came,
            roundTrip = media.RoundTrips.Count == 0 ? null : new
            {
                p50 = Milliseconds(media.Percentile(0.5)!.Value),
                p95 = Milliseconds(media.Percentile(0.95)!.Value),
                longest = Milliseconds(media.RoundTrips[^1]),
            },
        },
    };

    static (int Came, int Of) Came(MediaReport media) =>
        media.Heard > 0 ? (media.Heard, media.Expected) : (media.Returned, media.Sent);

    static double Share(int part, int of) => of == 0 ? 0 : 100.0 * part / of;

    static string Line(TimelineStep step) => string.Create(CultureInfo.InvariantCulture,
        $"{Milliseconds(step.At),9:0.0} ms {Milliseconds(step.Took),9:0.0} ms  {step.Name,-10} {Failed(step)}{step.Detail}")
        .TrimEnd();

    static string Failed(TimelineStep step) => step.Failed ? "failed: " : "";

    static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.00} ms");

    static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
