using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>Everything that the TURN node logs; event ids 100 to 199. Nothing per datagram; never a secret.</summary>
static partial class RelayLog
{
    [LoggerMessage(100, LogLevel.Information, "Allocation {Relay} began: client {Client}, relayed {Relayed}, by {Subject}")]
    public static partial void AllocationBegan(
        ILogger log, RelayId relay, FiveTuple client, TransportAddress relayed, Subject subject);

    [LoggerMessage(101, LogLevel.Information,
        "Allocation {Relay} ended, {Reason}: {ToPeerPackets} datagrams of {ToPeerBytes} bytes to peers, " +
        "{ToClientPackets} of {ToClientBytes} bytes to the client")]
    public static partial void AllocationEnded(
        ILogger log, RelayId relay, AllocationEnd reason,
        long toPeerPackets, long toPeerBytes, long toClientPackets, long toClientBytes);

    [LoggerMessage(102, LogLevel.Information, "Allocation {Relay} is by {Subject} from now on")]
    public static partial void AllocationPassed(ILogger log, RelayId relay, Subject subject);

    [LoggerMessage(103, LogLevel.Information, "Allocation {Relay} has a second relayed address, {Relayed}")]
    public static partial void AddressAdded(ILogger log, RelayId relay, TransportAddress relayed);

    [LoggerMessage(104, LogLevel.Information, "Allocation {Relay} lost its relayed address {Relayed}, {Reason}, and goes on")]
    public static partial void AddressEnded(ILogger log, RelayId relay, TransportAddress relayed, AllocationEnd reason);

    [LoggerMessage(105, LogLevel.Information, "Allocation {Relay} moved: client {Client}")]
    public static partial void AllocationMoved(ILogger log, RelayId relay, FiveTuple client);

    [LoggerMessage(110, LogLevel.Warning,
        "Worker {Worker}: the system refused {Doing} at {Local}: {Error} ({Unsaid} more since it was last said)")]
    public static partial void SystemRefused(
        ILogger log, byte worker, string doing, TransportAddress local, string error, long unsaid);

    [LoggerMessage(111, LogLevel.Information,
        "Worker {Worker} ended: {Received} datagrams received, {Sent} sent; the system refused {SendFailures} sends, " +
        "{ReceiveFailures} receives and {RelaysRefused} relays")]
    public static partial void WorkerEnded(
        ILogger log, byte worker, long received, long sent, long sendFailures, long receiveFailures, long relaysRefused);

    [LoggerMessage(112, LogLevel.Warning, "The system refuses epoll or eventfd ({Error}); the portable data path serves instead")]
    public static partial void PortableInstead(ILogger log, SocketError error);

    [LoggerMessage(114, LogLevel.Warning,
        "Worker {Worker} refuses new allocations (508), and those that live go on: {Reason} ({Unsaid} more since it was last said)")]
    public static partial void AllocationsRefused(ILogger log, byte worker, string reason, long unsaid);

    [LoggerMessage(115, LogLevel.Warning,
        "Memory is short: {Percent} % of what this process may have is in use. New allocations (508) and connections are refused until " +
        "there is more, and those that live go on; give it more memory, or set a total quota")]
    public static partial void MemoryShort(ILogger log, int percent);

    [LoggerMessage(116, LogLevel.Information, "There is memory again ({Percent} % in use); new allocations are welcome")]
    public static partial void MemoryAmple(ILogger log, int percent);

    [LoggerMessage(130, LogLevel.Error, "The audit file {Path} cannot be written: {Reason} {Lost} events are lost by now")]
    public static partial void AuditFailed(ILogger log, string path, string reason, long lost);

    [LoggerMessage(131, LogLevel.Warning, "New allocations are turned away from now on; those that live go on")]
    public static partial void DrainBegan(ILogger log);

    [LoggerMessage(132, LogLevel.Warning, "New allocations are welcome again")]
    public static partial void DrainEnded(ILogger log);

    [LoggerMessage(133, LogLevel.Warning,
        "It stops when no allocation lives any more, or in {Seconds} s; a second signal stops it at once")]
    public static partial void Farewell(ILogger log, double seconds);

    [LoggerMessage(113, LogLevel.Error, "The certificate for clients stays as it was: {Reason}")]
    public static partial void CertificateStays(ILogger log, string reason);

    [LoggerMessage(120, LogLevel.Critical, "Worker {Worker} failed and ended")]
    public static partial void WorkerFailed(ILogger log, byte worker, Exception exception);
}
