using System.Text;
using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

// Clients that are sent elsewhere (RFC 8489 §10, RFC 8656 §7.2 step 11): proved ones alone, so that the answer has its integrity
// and no stranger is told of other servers.
public sealed partial class TurnServer
{
    bool _drains;
    int _turn;

    /// <summary>Whether a client that wants a relay goes elsewhere whatever is free here. A port that was reserved is half of
    /// something that lives: it is given.</summary>
    bool TurnsAway(in ClientPath path, in RelayWish wish) =>
        wish.Token is null
        && (_drains || (_settings.Redirection == Redirection.Always && !_settings.Alternates.IsEmpty) || Anycast(path) is not null);

    /// <summary>Where a client goes that came to an address of many servers: RFC 8155 §6, "MUST respond with a 300".</summary>
    AnycastListener? Anycast(in ClientPath path)
    {
        foreach (var listener in _settings.Anycast)
            if (listener.Address == path.FiveTuple.Server)
                return listener;
        return null;
    }

    /// <summary>300 where there is somewhere to go, else 508.</summary>
    Forward TurnAway(scoped in Request request)
    {
        if (!_drains && Anycast(request.Path) is { } anycast)
        {
            var own = StunWriter.Error(request.Head, request.Message, ErrorCode.TryAlternate);
            own.AddAddress(AttributeType.AlternateServer, anycast.Unicast);
            return Finish(request, ref own, ErrorCode.TryAlternate);
        }

        if (NextAlternate(request.Path, out var nearest) is not { } alternate) return Error(request, ErrorCode.InsufficientCapacity);
        var writer = StunWriter.Error(request.Head, request.Message, ErrorCode.TryAlternate);
        writer.AddAddress(AttributeType.AlternateServer, nearest);
        // "The server SHOULD include an additional ALTERNATE-SERVER attribute ... of the address family other than the source".
        if (alternate.Other is { } other)
            writer.AddAddress(AttributeType.AlternateServer, other == nearest ? alternate.Address : other);
        // Where the certificate is another, "it MUST include an ALTERNATE-DOMAIN attribute".
        if (alternate.Domain is { } domain)
            writer.Add(AttributeType.AlternateDomain, Encoding.UTF8.GetBytes(domain));
        return Finish(request, ref writer, ErrorCode.TryAlternate);
    }

    /// <summary>No port or no room is left: 508, or 300 where the operator said that this is when to go elsewhere.</summary>
    Forward Full(scoped in Request request, in RelayWish wish) =>
        wish.Token is null && _settings.Redirection >= Redirection.Full
            ? TurnAway(request)
            : Error(request, ErrorCode.InsufficientCapacity);

    /// <summary>One after the other, of those to which this client can go.</summary>
    Alternate? NextAlternate(in ClientPath path, out TransportAddress nearest)
    {
        nearest = default;
        var alternates = _settings.Alternates;
        for (var i = 0; i < alternates.Length; i++)
        {
            _turn = (_turn + 1) % alternates.Length;
            if (alternates[_turn].For(path) is not { } address) continue;
            nearest = address;
            return alternates[_turn];
        }

        return null;
    }
}
