using System.Net;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

sealed partial class Contradictions
{
    void OfRelays(RelaySection relays, string role)
    {
        if (relays.Listen.Count == 0) binder.Add($"{role}.listen", "it is empty; write [\"192.0.2.1:3478\"].");
        if (relays.Certificate is null && relays.Listen.Any(listener => listener.IsSecure))
            binder.Add($"{role}.listen", "tls: and dtls: need a \"certificate\"; name one.");
        if (relays.Connections.ToLimits().Mistake is { } limit) binder.Add($"{role}.connections.unreadMediaBytes", limit);
        if (relays.ProxyProtocolFrom.Count > 0 && !relays.Listen.Any(listener => listener.IsStream))
            binder.Add($"{role}.proxyProtocolFrom", "balancers come by connections; write a tcp: or tls: in \"listen\", too.");
        if (relays.ToNode(file.TurnRealm, role).TcpRelayMistake is { } unheard) binder.Add($"{role}.tcpRelay", unheard);
        foreach (var mistake in relays.ToRules(file.TurnRealm).Mistakes())
            binder.Add(PlaceOf(mistake) is { } setting ? $"{role}.{setting}" : role, mistake);
        for (var i = 0; i < relays.Alternates.Count; i++)
            if (relays.Alternates[i].ToAlternate() is var other
                && relays.Listen.Any(own => own.Address == other.Address || own.Address == other.Other))
                binder.Add($"{role}.alternates[{i}]", "it is this server itself; name another one.");
        for (var i = 0; i < relays.Anycast.Count; i++)
            if (!Hears(relays.Anycast[i].Address) || !Hears(relays.Anycast[i].Unicast))
                binder.Add($"{role}.anycast[{i}]", "both addresses must be among \"listen\"; name them there, too.");
        for (var i = 0; i < relays.AllowPeers.Count; i++)
        {
            var range = relays.AllowPeers[i];
            if (PeerPolicy.Unallowable.Any(never => Holds(never, range)))
                binder.Add($"{role}.allowPeers[{i}]", $"nothing of {range} can be a peer, whatever is written; leave it out.");
            else if (relays.DenyPeers.FirstOrDefault(denied => Holds(denied, range)) is { Family: not IPFamily.None } denied)
                binder.Add($"{role}.allowPeers[{i}]", $"{denied} in denyPeers holds all of it, and denied ranges win; leave one out.");
        }

        if (relays.Audit is { } audit && role == "agw" && file.Turn?.Audit == audit)
            binder.Add("agw.audit", "turn.audit writes into the same file; name another.");

        bool Hears(TransportAddress address) => relays.Listen.Any(listener => listener.Address == address);
    }

    /// <summary>The setting that the rules complain of.</summary>
    static string? PlaceOf(string mistake) => mistake switch
    {
        _ when mistake.Contains("alternate server", StringComparison.Ordinal) => "alternates",
        _ when mistake.Contains("anycast", StringComparison.OrdinalIgnoreCase) => "anycast",
        _ when mistake.Contains("discovery", StringComparison.Ordinal) => "discovery",
        _ when mistake.Contains("relay ports", StringComparison.Ordinal) => "relayPorts",
        _ when mistake.Contains("relay", StringComparison.Ordinal) => "relayAddresses",
        _ => null,
    };

    static bool Holds(AddressRange outer, AddressRange inner) =>
        outer.Family == inner.Family && outer.First <= inner.First && outer.Last >= inner.Last;

    IEnumerable<(string Path, IPEndPoint EndPoint)> UdpListeners()
    {
        var all = new List<(string Path, IPEndPoint EndPoint)>();
        if (file.Epcscf?.Core?.Listen is { } mw) all.Add(("epcscf.core.listen", mw));
        if (file.Core?.Listen is { } core) all.Add(("core.listen", core));
        all.AddRange(ClientListeners(isStream: false));
        return all.Where(one => binder.IsSound(one.Path));
    }

    /// <summary>Where TURN clients are heard, by connections or by datagrams.</summary>
    IEnumerable<(string Path, IPEndPoint EndPoint)> ClientListeners(bool isStream) =>
        Of(file.Turn?.Listen, "turn").Concat(Of(file.Agw?.Listen, "agw"))
            .Where(one => one.Listener.IsStream == isStream).Select(one => (one.Path, one.Listener.Address.ToIPEndPoint()));

    static IEnumerable<(string Path, TurnListener Listener)> Of(IReadOnlyList<TurnListener>? listeners, string role) =>
        (listeners ?? []).Select((listener, i) => ($"{role}.listen[{i}]", listener)).Where((_, i) => !SharesPort(listeners!, i));

    /// <summary>TCP and TLS of one role may have one address and port, once each, and so may UDP and DTLS.</summary>
    static bool SharesPort(IReadOnlyList<TurnListener> listeners, int number)
    {
        var own = listeners[number];
        var others = listeners.Take(number).Where(other => other.IsStream == own.IsStream && other.Address == own.Address);
        return others.Count() == 1 && others.All(other => other != own);
    }

    /// <summary>The address of all addresses stands in the way of each of its family.</summary>
    void OfClashes(IEnumerable<(string Path, IPEndPoint EndPoint)> listeners)
    {
        var taken = new List<(string Path, IPEndPoint EndPoint)>();
        foreach (var (path, at) in listeners.Where(one => one.EndPoint is { Port: not 0 }))
        {
            var first = taken.FirstOrDefault(one => one.EndPoint.Port == at.Port && one.EndPoint.AddressFamily == at.AddressFamily
                && (one.EndPoint.Address.Equals(at.Address) || IsAny(one.EndPoint) || IsAny(at)));
            if (first.Path is not null) binder.Add(path, $"{at} is taken by {first.Path}; write another port.");
            else taken.Add((path, at));
        }
    }

    static bool IsAny(IPEndPoint at) => at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any);
}
