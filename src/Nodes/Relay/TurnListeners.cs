using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// The listening sockets of a node: for every address one a worker, all bound before any is read. The system spreads clients
/// over them by their address, and a client stays with its worker, because the group never changes size.
/// </summary>
sealed class TurnListeners : IDisposable
{
    // How many may have knocked before the worker looks; the system has a limit of its own.
    const int Backlog = 1024;

    // The first port that anybody may have, unless the system was told otherwise.
    const ushort FirstOfAll = 1024;

    readonly List<Socket[]> _groups = [];

    TurnListeners()
    {
    }

    /// <summary>One for each of the settings, with the real ports.</summary>
    public ImmutableArray<TurnListener> Bound { get; private set; } = [];

    /// <exception cref="RefusedException">An address cannot be had.</exception>
    public static TurnListeners Bind(TurnNodeSettings settings)
    {
        if (settings.Workers > 1 && !UdpSockets.CanShare)
            throw new RefusedException("Several workers need Linux, which spreads clients over sockets; write --workers 1 here.");
        var listeners = new TurnListeners();
        try
        {
            foreach (var listener in settings.Listen)
                if (!listeners.TryJoin(listener, settings.Listen))
                    listeners.BindGroup(listener, settings);
            return listeners;
        }
        catch
        {
            listeners.Dispose();
            throw;
        }
    }

    /// <summary>Finds out whether relays can be opened at an address.</summary>
    /// <exception cref="RefusedException">They cannot.</exception>
    public static void RequireLocal(in TransportAddress relay, PortRange ports, string flag)
    {
        try
        {
            UdpSockets.Bind(relay.WithPort(0)).Dispose();
            // Else each Allocate would be refused later, and nobody would know why.
            if (ports.First < FirstOfAll) UdpSockets.Bind(relay.WithPort(ports.First)).Dispose();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // Of a port in other hands relays pass over.
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new RefusedException(
                $"Relay port {ports.First} is for privileged users; let the relay ports begin at {FirstOfAll}, or grant " +
                "CAP_NET_BIND_SERVICE.", e);
        }
        catch (SocketException e)
        {
            throw Refused(relay.WithPort(0), flag, e);
        }
    }

    /// <summary>A wildcard of a family that the machine does not have can be bound, and nobody would ever come.</summary>
    /// <exception cref="RefusedException">So it is here.</exception>
    public static void RequireFamily(in TransportAddress listener, string flag, IEnumerable<TransportAddress> own)
    {
        if (IsWildcard(listener) && !Has(listener.Family, own)) throw new RefusedException(Missing(listener, flag));
    }

    /// <summary>What a wildcard listener answers to: each address of this machine of its family, and the wildcard.</summary>
    public static IEnumerable<TransportAddress> EachAddress(TransportAddress listener)
    {
        if (!IsWildcard(listener)) return [listener];
        return OwnAddresses.Find().Where(own => own.Family == listener.Family).Select(own => own.WithPort(listener.Port)).Prepend(listener);
    }

    /// <summary>The sockets of one worker, in the order of the addresses; they are the caller's now.</summary>
    public IEnumerable<(TurnListener Listener, Socket Socket)> TakeOver(int worker)
    {
        // First all are taken: two listeners may have one group.
        (TurnListener, Socket)[] taken = [.. _groups.Select((group, number) => (Bound[number], group[worker]))];
        foreach (var group in _groups) group[worker] = null!;
        return taken;
    }

    /// <summary>Closes what nobody took over.</summary>
    public void Dispose()
    {
        foreach (var group in _groups)
            foreach (var socket in group)
                socket?.Dispose();
    }

    /// <summary>TCP and TLS at one address and port have one socket, and so have UDP and DTLS (RFC 8489 §8.1): the first byte of a
    /// connection or of a datagram tells them apart.</summary>
    /// <param name="listener">The next.</param>
    /// <param name="all">Of the settings, in whose order they are bound: port 0 is a port of its own for each.</param>
    bool TryJoin(TurnListener listener, ImmutableArray<TurnListener> all)
    {
        if (listener.Address.Port == 0) return false;
        for (var number = 0; number < _groups.Count; number++)
        {
            var (other, isSame) = (all[number], all[number] == listener);
            if (other.IsStream != listener.IsStream || other.Address != listener.Address || isSame) continue;
            _groups.Add(_groups[number]);
            Bound = Bound.Add(listener);
            return true;
        }

        return false;
    }

    void BindGroup(TurnListener listener, TurnNodeSettings settings)
    {
        RequireFamily(listener.Address, settings.ListenFlag, OwnAddresses.Find());
        var group = new Socket[settings.Workers];
        _groups.Add(group);
        try
        {
            // The first asks for the address alone, or an address that is taken would go unnoticed: sockets that share are
            // let in beside each other, also those of another process of the same user. Only then it lets others in.
            group[0] = Bind(listener.Address);
            var bound = TransportAddress.From((IPEndPoint)group[0].LocalEndPoint!);
            Bound = Bound.Add(listener with { Address = bound });
            if (group.Length > 1) UdpSockets.Share(group[0]);
            for (var i = 1; i < group.Length; i++) group[i] = Bind(bound, shared: true);
            if (!listener.IsStream) return;
            // Only now: who knocks is spread over all.
            foreach (var socket in group) socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            throw Refused(listener.Address, settings.ListenFlag, e, listener.IsStream ? "TCP" : "UDP");
        }

        Socket Bind(in TransportAddress address, bool shared = false) =>
            listener.IsStream ? StreamSockets.Bind(address, shared) : UdpSockets.Bind(address, shared);
    }

    static RefusedException Refused(
        in TransportAddress at, string flag, SocketException e, string protocol = "UDP") => new(e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{protocol} port {at.Port} at {at.ToIPAddress()} is taken, maybe by a second copy of this; write another port with {flag}.",
        SocketError.AccessDenied =>
            $"{protocol} port {at.Port} is for privileged users; write one from 1024 on with {flag}, or grant CAP_NET_BIND_SERVICE.",
        SocketError.AddressNotAvailable when !Has(at.Family, OwnAddresses.Find()) => Missing(at, flag),
        SocketError.AddressNotAvailable =>
            $"{at.ToIPAddress()} is not an address of this machine; write one that it has with {flag}.",
        SocketError.AddressFamilyNotSupported => Missing(at, flag),
        SocketError.TooManyOpenSockets =>
            $"No file descriptor is left for {flag} {at}; raise the limit (ulimit -n).",
        _ => $"{flag} {at} cannot be used: {e.Message}.",
    }, e);

    static string Missing(in TransportAddress at, string flag) =>
        $"This machine has no {at.Family}, not even on loopback; leave out {flag} {at.ToIPAddress()}, or switch {at.Family} on.";

    static bool Has(IPFamily family, IEnumerable<TransportAddress> own) => own.Any(address => address.Family == family);

    static bool IsWildcard(in TransportAddress at)
    {
        var ip = at.ToIPAddress();
        return ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any);
    }
}
