using System.Globalization;
using System.Net;
using Portunus.Bedrock;
using Portunus.Load;

// Load SERVER USER PASSWORD PEER-IP PID [clients 4] [packets/s 20000] [seconds 4] [payload 160]
// Every client sends ChannelData to one peer of ours; what the peer hears is counted, and the CPU time of the process PID.
if (args.Length < 5 || !TransportAddress.TryParse(args[0], out var server) || !IPAddress.TryParse(args[3], out var peerAddress))
{
    Console.Error.WriteLine("Load SERVER-IP:PORT USER PASSWORD PEER-IP PID [clients] [packets/s] [seconds] [payload bytes]");
    return 2;
}

// Bounds, so that a slip of the hand does not stop a machine.
var clients = Math.Clamp(Number(5, 4), 1, 1000);
var rate = Math.Clamp(Number(6, 20_000), 1, 1_000_000);
var seconds = Math.Clamp(Number(7, 4), 1, 60);
var payload = Math.Clamp(Number(8, 160), 4, 1400);

using var peer = new CountingPeer(peerAddress);
using var senders = new Senders(server, args[1], args[2], peer.Address, clients, payload);
senders.Run(rate, TimeSpan.FromSeconds(1)); // The first second warms compilers and caches.
Thread.Sleep(200);
var (before, heardBefore) = (CpuTime.Of(Number(4, 0)), peer.Heard);
var sent = senders.Run(rate, TimeSpan.FromSeconds(seconds));
Thread.Sleep(200);
var (used, heard) = (CpuTime.Of(Number(4, 0)) - before, peer.Heard - heardBefore);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"sent {sent} in {seconds} s, heard {heard} ({100.0 * heard / sent:f2} %), CPU {used.TotalMicroseconds / Math.Max(heard, 1):f2} us a packet"));
return 0;

int Number(int index, int fallback) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : fallback;
