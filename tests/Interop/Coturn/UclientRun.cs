using System.Globalization;
using System.Text.RegularExpressions;
using Portunus.Bedrock;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>A run of <c>turnutils_uclient</c> and what it says of itself.</summary>
public sealed partial record UclientRun(int ExitCode, string Output)
{
    // Debian's client is of RFC 5766 and draws channel numbers from 0x4000 to 0x7FFF; RFC 8656 §12 leaves the first quarter
    // of these, so a run ends with a 400 at its first bad draw, within milliseconds. A run that binds two channels has one
    // chance in 16: that 250 of them all fail is as likely as 1 in 10 million.
    const int MaxDraws = 250;

    // 128 and the number of the signal.
    const int Aborted = 134;
    const int Crashed = 139;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public int Sent => Count(SentMessages());

    public int Received => Count(ReceivedMessages());

    /// <summary>Payload, without heads and padding.</summary>
    public int SentBytes => Count(SentPayload());

    public int ReceivedBytes => Count(ReceivedPayload());

    public bool DrewReservedChannel => ExitCode != 0 && Output.Contains("channel bind: error 400", StringComparison.Ordinal);

    /// <summary>
    /// With mobility over TLS and DTLS, at one move of four by a draw of its own: clnet_allocate in src/apps/uclient/startuclient.c does
    /// "SSL_shutdown(ssl); SSL_free(ssl); fd = -1;", opens the new session, and then "if(ssl) { SSL_shutdown(ssl); SSL_free(ssl); }" once
    /// more, by when the new one may have the old one's memory. Then it says that it cannot send, or dies of it.
    /// </summary>
    public bool FreedItsSessionTwice =>
        (ExitCode == 1 && Output.Contains("send: Success", StringComparison.Ordinal)) || ExitCode is Aborted or Crashed;

    /// <summary>
    /// With mobility, when the port to which it moves is one from which a run before allocated: that allocation lives, since the run ended
    /// at its draw without a word, and two cannot have the same five-tuple (RFC 8656 §7.2 step 2). Its Allocates try another port.
    /// </summary>
    public bool MetAnOldAllocation => ExitCode != 0 && Output.Contains("error 437", StringComparison.Ordinal);

    public static UclientRun Once(params IEnumerable<string> arguments)
    {
        var (code, output) = CoturnProgram.Run("turnutils_uclient", Patience, arguments);
        return new(code, output);
    }

    /// <summary>Runs until the client has drawn only channel numbers that RFC 8656 knows.</summary>
    /// <param name="arguments">Made anew for each run, given its number.</param>
    public static UclientRun OnChannels(Func<int, IEnumerable<string>> arguments)
    {
        for (var draw = 1; ; draw++)
            if (Once(arguments(draw)) is var run && (!(run.DrewReservedChannel || run.MetAnOldAllocation) || draw == MaxDraws))
                return run;
    }

    /// <summary>Runs until the draws of the client's own are such as it can live with.</summary>
    /// <param name="again">Whether it ended by its own draws.</param>
    /// <param name="arguments">The same for each run.</param>
    public static async Task<UclientRun> UntilAsync(Func<UclientRun, bool> again, IReadOnlyList<string> arguments)
    {
        for (var draw = 1; ; draw++)
        {
            var (code, output) = await CoturnProgram.RunAsync("turnutils_uclient", Patience, arguments);
            if (new UclientRun(code, output) is var run && (!again(run) || draw == MaxDraws)) return run;
        }
    }

    /// <summary>How many messages each client sends, and how often.</summary>
    /// <remarks>
    /// One in two milliseconds: nothing is lost even if a busy machine lets a program wait for half a second, because that
    /// much fits into the buffer of a socket.
    /// </remarks>
    public static string[] Messages(int each, int clients = 1) => ["-n", $"{each}", "-m", $"{clients}", "-z", $"{2 * clients}"];

    public static string[] At(TransportAddress server) => ["-p", $"{server.Port}", $"{server.ToIPAddress()}"];

    /// <summary>
    /// Exit code 0: no request of the client's was refused, since it ends with another at the first that is. So many sent: each of its
    /// clients had its allocation. As many received, and as many bytes: each came back through the relay with the length that it had;
    /// the client counts no others. It says so itself: "Total lost packets 0".
    /// </summary>
    public void AssertNoLoss(int messages)
    {
        Assert.True(ExitCode == 0, Output);
        Assert.True(Sent == messages, Output);
        Assert.True(Received == messages, Output);
        Assert.True(SentBytes > 0 && SentBytes == ReceivedBytes, Output);
        Assert.Contains("Total lost packets 0 ", Output, StringComparison.Ordinal);
    }

    int Count(Regex what) => what.Matches(Output) is { Count: > 0 } found
        ? int.Parse(found[^1].Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : -1;

    [GeneratedRegex(@"tot_send_msgs=(\d+)")]
    private static partial Regex SentMessages();

    [GeneratedRegex(@"tot_recv_msgs=(\d+)")]
    private static partial Regex ReceivedMessages();

    [GeneratedRegex(@"tot_send_bytes ~ (\d+)")]
    private static partial Regex SentPayload();

    [GeneratedRegex(@"tot_recv_bytes ~ (\d+)")]
    private static partial Regex ReceivedPayload();
}
