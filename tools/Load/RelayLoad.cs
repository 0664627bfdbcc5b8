using System.Globalization;
using System.Net;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;

namespace Portunus.Load;

/// <summary>Every client sends ChannelData to one peer of ours; what the peer hears is counted, and the CPU time of a
/// process.</summary>
static class RelayLoad
{
    public const string Usage = "Load relay [udp:|tcp:|tls:|dtls:]SERVER-IP:PORT USER PASSWORD PEER-IP PID "
        + "[clients 4] [packets/s 20000] [seconds 4] [payload 160]";

    public static int Run(string[] args)
    {
        if (args.Length < 5 || !TryRead(args[0], out var server) || !IPAddress.TryParse(args[3], out var address))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        // Bounds, so that a slip of the hand does not stop a machine.
        var process = int.Parse(args[4], CultureInfo.InvariantCulture);
        var clients = Arguments.Number(args, 5, 4, 1, 1000);
        var rate = Arguments.Number(args, 6, 20_000, 1, 1_000_000);
        var seconds = Arguments.Number(args, 7, 4, 1, 60);
        var payload = Arguments.Number(args, 8, 160, 4, 1400);

        using var peer = new CountingPeer(address);
        using var senders = new Senders(server, args[1], args[2], peer.Address, clients, payload);
        senders.Run(rate, TimeSpan.FromSeconds(1)); // The first second warms compilers and caches.
        Thread.Sleep(200);
        var (before, heardBefore) = (CpuTime.Of(process), peer.Heard);
        var sent = senders.Run(rate, TimeSpan.FromSeconds(seconds));
        Thread.Sleep(200);
        var (used, heard) = (CpuTime.Of(process) - before, peer.Heard - heardBefore);
        var share = 100.0 * heard / sent;
        var each = used.TotalMicroseconds / Math.Max(heard, 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"sent {sent} in {seconds} s, heard {heard} ({share:f2} %), CPU {each:f2} us a packet"));
        return 0;
    }

    static bool TryRead(string text, out TurnListener server)
    {
        var transport = Enum.GetValues<ClientTransport>().FirstOrDefault(
            one => text.StartsWith($"{TurnListener.Name(one)}:", StringComparison.Ordinal));
        var name = $"{TurnListener.Name(transport)}:";
        if (text.StartsWith(name, StringComparison.Ordinal)) text = text[name.Length..];
        var isThere = TransportAddress.TryParse(text, out var address);
        server = new(address, transport);
        return isThere;
    }
}
