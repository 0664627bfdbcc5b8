using System.Net;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Running;

/// <summary>One run of a check: what it opened is closed with it.</summary>
sealed class Trial(Target target, Endpoint endpoint) : IDisposable
{
    readonly Stack<IDisposable> _open = new();

    public Target Target => target;

    public Endpoint Endpoint => endpoint;

    public TimeSpan Patience => target.Patience;

    /// <summary>A client on a five-tuple of its own.</summary>
    /// <param name="user">The target's first unless given.</param>
    /// <param name="at">Another instance of the target.</param>
    public TurnClient Connect(User? user = null, Endpoint? at = null) =>
        Keep(new TurnClient((at ?? endpoint).Open(Patience), user ?? target.User, Patience));

    /// <summary>A client that knows realm and nonce.</summary>
    public TurnClient Challenged(User? user = null, Endpoint? at = null)
    {
        var client = Connect(user, at);
        client.Challenge();
        return client;
    }

    /// <summary>A client with an allocation of an IPv4 address.</summary>
    public TurnClient Allocated(User? user = null, Endpoint? at = null)
    {
        var client = Challenged(user, at);
        client.Allocate();
        return client;
    }

    /// <summary>A peer that the target relays to.</summary>
    public Peer Peer() => Keep(new Peer(target.Peers[0], Patience));

    /// <summary>A peer at another address than the first.</summary>
    public Peer OtherPeer() => target.Peers is [_, var second, ..]
        ? Keep(new Peer(second, Patience))
        : throw new NotOfferedException("a second address for peers");

    /// <summary>An address that nobody answers at, and that the target relays to.</summary>
    public IPEndPoint AnyPeer => new(target.Peers[0], 9);

    public T Keep<T>(T opened) where T : IDisposable
    {
        _open.Push(opened);
        return opened;
    }

    /// <exception cref="CheckFailedException">It does not hold.</exception>
    public static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new CheckFailedException(otherwise);
    }

    public void Dispose()
    {
        while (_open.TryPop(out var opened)) opened.Dispose();
    }
}
