using System.Collections.Immutable;
using System.Net;
using Portunus.Sip;
using Portunus.Turn;

namespace Portunus.Nodes.Mw;

/// <summary>Mw over sockets; immutable.</summary>
public sealed record MwSettings
{
    /// <summary>Of this machine, for UDP and TCP; port 0 takes one that is free for both.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where a request without a Route goes; null sends it to its Request-URI.</summary>
    public HostPort? NextHop { get; init; }

    /// <summary>Whether requests whose Route or URI names no transport go by TCP; else by UDP.</summary>
    public bool PrefersTcp { get; init; }

    /// <summary>Who is believed and sent to, besides the addresses of <see cref="NextHop"/> (obligation 56).</summary>
    public ImmutableArray<AddressRange> Neighbours { get; init; } = [];

    /// <summary>Of the neighbours, those that may say that they have signed a user in (TS 33.203 Annex U); null for all.</summary>
    public ImmutableArray<AddressRange>? TrustedNodes { get; init; }

    /// <summary>Bytes above which a request leaves by TCP all the same (RFC 3261 §18.1.1).</summary>
    public int DatagramBytes { get; init; } = 1300;

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a neighbour that could not be reached is left alone; doubles up to <see cref="LongestRest"/>.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestRest { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections at a time, made and accepted: neighbours are few.</summary>
    public int Connections { get; init; } = 512;

    /// <summary>Messages that wait for one connection; what is beyond cannot be sent.</summary>
    public int QueueMessages { get; init; } = 4096;

    /// <summary>What the operator calls <see cref="Listen"/>, for the sentence about a taken port.</summary>
    public string ListenName { get; init; } = "listen";
}
