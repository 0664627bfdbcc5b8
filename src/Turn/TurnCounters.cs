using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What one worker decided, in plain numbers: the worker writes, anybody reads a little late.</summary>
public sealed class TurnCounters
{
    readonly TransportCounters[] _transports = [.. Enum.GetValues<ClientTransport>().Select(_ => new TransportCounters())];

    readonly long[] _shortages = new long[Enum.GetValues<Shortage>().Length];

    /// <summary>Payload relayed by all allocations, those that ended included.</summary>
    public Traffic Traffic
    {
        get
        {
            var all = new Traffic();
            foreach (var one in _transports) all.Add(one.Traffic);
            return all;
        }
    }

    public long Successes => _transports.Sum(one => one.Successes);

    public long AllocationsBegan => _transports.Sum(one => one.AllocationsBegan);

    public long AllocationsEnded => _transports.Sum(one => one.AllocationsEnded);

    /// <summary>ICMP errors of peers that clients were told of (RFC 8656 §11.5).</summary>
    public long IcmpErrors { get; internal set; }

    /// <summary>Connections with peers of which clients were told, by Connect and by ConnectionAttempt (RFC 6062).</summary>
    public long PeerConnectionsBegan { get; internal set; }

    public long PeerConnectionsEnded { get; internal set; }

    /// <summary>How often a credential was looked for and a MAC computed with it: the costly part of a request.</summary>
    public long CredentialsTried { get; internal set; }

    /// <summary>Bytes of requests over UDP that proved nothing, and of the answers that they got.</summary>
    public long UnauthenticatedBytesReceived { get; private set; }

    public long UnauthenticatedBytesSent { get; private set; }

    /// <summary>What peers sent to relays that are not open any more, and so to no client.</summary>
    public long OrphansDropped { get; internal set; }

    /// <summary>What concerned clients that come by one transport.</summary>
    public TransportCounters By(ClientTransport transport) => _transports[(int)transport];

    public long Drops(DropReason reason) =>
        _transports.Sum(one => one.Drops(reason)) + (reason == DropReason.NoRelay ? OrphansDropped : 0);

    public long Errors(int code) => _transports.Sum(one => one.Errors(code));

    /// <summary>Allocations that were refused for lack of something.</summary>
    public long Shortages(Shortage shortage) => _shortages[(int)shortage];

    /// <summary>The same, for lack of anything.</summary>
    public long AllShortages { get; private set; }

    internal void Count(Shortage shortage)
    {
        _shortages[(int)shortage]++;
        AllShortages++;
    }

    internal void CountUnauthenticated(int received, int sent)
    {
        UnauthenticatedBytesReceived += received;
        UnauthenticatedBytesSent += sent;
    }

    internal TransportCounters By(in ClientPath path) => _transports[(int)path.FiveTuple.Transport];
}
