using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>TCP between server and peers (RFC 6062).</summary>
static class TcpRelays
{
    const Needs Ours = Needs.TcpRelay | Needs.Stream;

    [Check("6062 5.1", Ours)]
    public static void A_TCP_allocation_is_made_and_has_no_reservation(Trial t) =>
        t.Challenged().Allocate(Request()).MustNotHave(Attr.ReservationToken, "RESERVATION-TOKEN");

    [Check("6062 5.1", Needs.TcpRelay | Needs.Datagrams)]
    public static void A_TCP_allocation_over_UDP_is_answered_400(Trial t) => t.Challenged().AskSigned(Request()).MustBe(400);

    [Check("6062 5.1", Ours)]
    public static void A_UDP_allocation_over_TCP_goes_by_the_rules_of_UDP(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.SendTo(peer.Address, "by UDP");
        peer.MustHear("by UDP", client.Relayed);
    }

    [Check("6062 5.1", Ours)]
    public static void DONT_FRAGMENT_EVEN_PORT_and_RESERVATION_TOKEN_are_answered_400(Trial t)
    {
        foreach (var (attribute, value) in new[]
                 { (Attr.DontFragment, 0), (Attr.EvenPort, 1), (Attr.ReservationToken, 8) })
            t.Challenged().AskSigned(Request().Add(attribute, new byte[value])).MustBe(400);
    }

    [Check("6062 5.2", Ours)]
    public static void Connect_without_an_allocation_is_answered_437(Trial t) => Connect(t.Challenged(), t.AnyPeer).MustBe(437);

    [Check("6062 5.2", Ours)]
    public static void Connect_without_a_peer_or_with_a_malformed_one_is_answered_400(Trial t)
    {
        var client = Allocated(t);
        client.AskSigned(() => new Outgoing(Method.Connect)).MustBe(400);
        client.AskSigned(() => new Outgoing(Method.Connect).Add(Attr.XorPeerAddress, [0, Family.IPv4, 1, 2])).MustBe(400);
    }

    [Check("6062 5.2", Ours | Needs.DeniedPeer)]
    public static void Connect_to_a_peer_that_is_not_allowed_is_answered_403(Trial t) =>
        Connect(Allocated(t), new(t.Target.DeniedPeer!, 9)).MustBe(403);

    [Check("6062 5.2", Ours)]
    public static void Connect_to_a_peer_that_refuses_is_answered_447(Trial t)
    {
        IPEndPoint gone;
        using (var peer = new TcpPeer(t.Target.Peers[0], t.Patience)) gone = peer.Address;
        Connect(Allocated(t), gone).MustBe(447);
    }

    [Check("6062 5.2", Ours)]
    public static void A_second_Connect_to_the_same_peer_is_answered_446(Trial t)
    {
        var client = Allocated(t);
        var peer = Listening(t);
        Connect(client, peer.Address).MustSucceed();
        peer.Accept();
        Connect(client, peer.Address).MustBe(446);
    }

    [Check("6062 5.2", Ours)]
    public static void A_second_Connect_while_the_first_is_under_way_is_answered_446(Trial t)
    {
        var client = Allocated(t);
        var peer = Listening(t);
        peer.StopAccepting();
        client.Send(client.Sign(new Outgoing(Method.Connect).AddAddress(Attr.XorPeerAddress, peer.Address)));
        Connect(client, peer.Address).MustBe(446);
    }

    [Check("6062 5.2", Ours | Needs.Slow)]
    public static void An_attempt_to_connect_is_given_up_after_30_seconds_at_least(Trial t)
    {
        var client = Allocated(t);
        var peer = Listening(t);
        peer.StopAccepting();
        client.Send(client.Sign(new Outgoing(Method.Connect).AddAddress(Attr.XorPeerAddress, peer.Address)));
        Pause.For(TimeSpan.FromSeconds(29));
        client.MustHearNothing();
        for (var i = 0; i < 24; i++)
        {
            Pause.For(TimeSpan.FromSeconds(5));
            client.AskSigned(() => TurnClient.RefreshRequest(600)).MustSucceed();
            if (client.TryReceive() is not { } answer) continue;
            Require(Incoming.Read(answer) is { Error: 447 }, $"the answer is {Incoming.Read(answer)}");
            return;
        }

        throw new CheckFailedException("after two minutes and a half there is no answer");
    }

    [Check("6062 5.2", Ours)]
    public static void Connect_comes_from_the_relayed_address_with_an_id_of_its_own(Trial t)
    {
        var client = Allocated(t);
        var (one, other) = (Listening(t), Listening(t));
        var first = Connection(Connect(client, one.Address));
        var second = Connection(Connect(client, other.Address));
        one.Accept();
        other.Accept();
        Require(first != second, "two connections have the same CONNECTION-ID");
    }

    [Check("6062 5.4", Ours)]
    public static void Bytes_go_as_they_are_in_both_directions_after_ConnectionBind(Trial t)
    {
        var (control, peer) = (Allocated(t), Listening(t));
        var id = Connection(Connect(control, peer.Address));
        peer.Accept();
        peer.Send("before, ");
        using var data = Bind(t, control, id);
        data.Send("any bytes, \u0000 too"u8);
        peer.MustHear("any bytes, \u0000 too");
        peer.Send("and after");
        MustHear(data, "before, and after", t);
    }

    [Check("6062 5.3", Ours)]
    public static void A_permitted_peer_that_connects_is_told_and_its_bytes_are_kept(Trial t)
    {
        var (control, peer) = (Allocated(t), Listening(t));
        control.Permit(peer.Address);
        peer.Connect(control.Relayed);
        peer.Send("at once");
        var attempt = Incoming.Read(control.Receive());
        Require(attempt is { MethodNumber: Method.ConnectionAttempt, ClassBits: Class.Indication }, $"the client heard {attempt}");
        Require(peer.ConnectedFrom.Equals(attempt!.Address(Attr.XorPeerAddress)), $"the peer is {attempt.Address(Attr.XorPeerAddress)}");
        using var data = Bind(t, control, attempt.MustHave(Attr.ConnectionId, "CONNECTION-ID").Number(Attr.ConnectionId));
        MustHear(data, "at once", t);
        data.Send("answered"u8);
        peer.MustHear("answered");
    }

    [Check("6062 5.3", Ours)]
    public static void A_peer_without_permission_is_disconnected_at_once(Trial t)
    {
        var (control, peer) = (Allocated(t), Listening(t));
        peer.Connect(control.Relayed);
        Require(peer.Ends(t.Patience), "the connection stays open");
        control.MustHearNothing();
    }

    [Check("6062 5.4", Ours)]
    public static void ConnectionBind_without_an_id_or_with_a_wrong_one_is_answered_400(Trial t)
    {
        var control = Allocated(t);
        DataConnection(t, control).AskSigned(() => new Outgoing(Method.ConnectionBind)).MustBe(400);
        DataConnection(t, control).AskSigned(() => new Outgoing(Method.ConnectionBind).Add(Attr.ConnectionId, 0x7F7F7F7Fu)).MustBe(400);
        control.AskSigned(() => TurnClient.RefreshRequest(600)).MustSucceed();
    }

    [Check("6062 5.4", Needs.TcpRelay | Needs.Datagrams)]
    public static void ConnectionBind_over_UDP_is_answered_400(Trial t) =>
        t.Challenged().AskSigned(() => new Outgoing(Method.ConnectionBind).Add(Attr.ConnectionId, 1)).MustBe(400);

    [Check("6062 4.3", Ours | Needs.SecondUser)]
    public static void ConnectionBind_of_another_user_is_refused(Trial t)
    {
        var (control, peer) = (Allocated(t), Listening(t));
        var id = Connection(Connect(control, peer.Address));
        var response = DataConnection(t, control, t.Target.SecondUser)
            .AskSigned(() => new Outgoing(Method.ConnectionBind).Add(Attr.ConnectionId, id));
        Require(!response.IsSuccess, "another user took the connection");
    }

    [Check("6062 5.5", Ours)]
    public static void The_end_of_either_connection_ends_the_other(Trial t)
    {
        var control = Allocated(t);
        var (one, other) = (Listening(t), Listening(t));
        var first = Bind(t, control, Connection(Connect(control, one.Address)));
        using var second = Bind(t, control, Connection(Connect(control, other.Address)));
        one.Accept();
        other.Accept();
        first.Dispose();
        Require(one.Ends(t.Patience), "the peer's connection stays open when the client's ends");
        other.Close();
        Require(((Transports.StreamPipe)second.Pipe).Ends(t.Patience), "the client's connection stays open when the peer's ends");
    }

    [Check("6062 5.5", Ours)]
    public static void The_end_of_the_allocation_ends_its_connections(Trial t)
    {
        var (control, peer) = (Allocated(t), Listening(t));
        using var data = Bind(t, control, Connection(Connect(control, peer.Address)));
        peer.Accept();
        control.Delete();
        Require(peer.Ends(t.Patience), "the peer's connection stays open");
        Require(((Transports.StreamPipe)data.Pipe).Ends(t.Patience), "the client's connection stays open");
    }

    [Check("6062 5.2", Ours | Needs.Slow)]
    public static void A_connection_that_nobody_binds_ends_after_30_seconds(Trial t)
    {
        var (control, peer) = (Allocated(t), Listening(t));
        Connect(control, peer.Address).MustSucceed();
        peer.Accept();
        Require(!peer.Ends(TimeSpan.FromSeconds(25)), "the connection ends before its 30 seconds");
        Require(peer.Ends(TimeSpan.FromSeconds(15)), "the connection stays open");
    }

    [Check("6062 5.3", Ours | Needs.Slow)]
    public static void A_connection_of_a_peer_that_nobody_binds_ends_after_30_seconds(Trial t)
    {
        var (control, peer) = (Allocated(t), Listening(t));
        control.Permit(peer.Address);
        peer.Connect(control.Relayed);
        control.Receive();
        Require(!peer.Ends(TimeSpan.FromSeconds(25)), "the connection ends before its 30 seconds");
        Require(peer.Ends(TimeSpan.FromSeconds(15)), "the connection stays open");
    }

    static Outgoing Request() => new Outgoing(Method.Allocate).AddByte(Attr.RequestedTransport, Protocol.Tcp);

    static TurnClient Allocated(Trial t)
    {
        var client = t.Challenged();
        client.Allocate(Request());
        return client;
    }

    static TcpPeer Listening(Trial t) => t.Keep(new TcpPeer(t.Target.Peers[0], t.Patience));

    static Incoming Connect(TurnClient control, IPEndPoint peer) =>
        control.AskSigned(() => new Outgoing(Method.Connect).AddAddress(Attr.XorPeerAddress, peer));

    static uint Connection(Incoming response) =>
        response.MustSucceed().MustHave(Attr.ConnectionId, "CONNECTION-ID").Number(Attr.ConnectionId);

    /// <summary>The data connection; closing it twice does no harm.</summary>
    static TurnClient Bind(Trial t, TurnClient control, uint id)
    {
        var data = DataConnection(t, control);
        data.AskSigned(() => new Outgoing(Method.ConnectionBind).Add(Attr.ConnectionId, id)).MustSucceed();
        return data;
    }

    /// <summary>A new connection of the same user, which begins with what the control connection learnt (RFC 8489 §9.2.3.2).</summary>
    static TurnClient DataConnection(Trial t, TurnClient control, User? user = null)
    {
        var data = t.Connect(user ?? control.User);
        data.Learn(control);
        return data;
    }

    static void MustHear(TurnClient data, string text, Trial t)
    {
        var heard = System.Text.Encoding.ASCII.GetString(((Transports.StreamPipe)data.Pipe).ReceiveBytes(text.Length, t.Patience));
        Require(heard == text, $"the client heard '{heard}', not '{text}'");
    }
}
