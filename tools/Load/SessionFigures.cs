using System.Globalization;
using Portunus.Transport.Tls;

namespace Portunus.Load;

/// <summary>
/// What a session costs a server, over memory and in one thread: CPU time of a handshake and of a record each way, by that thread's
/// clock and without the client's share; and the memory of sessions that are open and idle.
/// </summary>
static class SessionFigures
{
    public const string Usage = "Load sessions [rounds 15] [handshakes 200] [records 5000] [open 2000]";

    public static int Run(string[] args)
    {
        var rounds = Arguments.Number(args, 0, 15, 1, 100);
        var handshakes = Arguments.Number(args, 1, 200, 1, 10_000);
        var records = Arguments.Number(args, 2, 5000, 1, 1_000_000);
        var open = Arguments.Number(args, 3, 2000, 1, 100_000);

        using OperatorFiles files = new();
        SessionCell[] cells = [new(files.Tls, isDatagrams: false), new(files.Tls, isDatagrams: true)];
        for (var round = 0; round <= rounds; round++)
            foreach (var cell in cells)
                cell.Measure(isCounted: round > 0, handshakes, records);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} rounds of {handshakes} handshakes (P-256) and {records} records of 160 bytes; medians (middle half)"));
        Console.WriteLine("""
            | session | handshake, us | handshakes/s of one core | record in, us | record out, us | idle session, bytes | resident |
            |---|---|---|---|---|---|---|
            """);
        foreach (var cell in cells)
        {
            var (asked, resident) = cell.MemoryOf(open);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cell} {asked:N0} | {resident:N0} |"));
            cell.Dispose();
        }

        return 0;
    }
}
