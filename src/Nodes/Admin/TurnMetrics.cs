using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Nodes.Admin;

/// <summary>The counters of a TURN server under names after the habits of Prometheus and OpenTelemetry: the unit at the end, then
/// <c>_total</c>; what is decided is told by transport, what is moved by listening address.</summary>
static class TurnMetrics
{
    static readonly StunMethod[] Methods =
    [
        StunMethod.Binding, StunMethod.Allocate, StunMethod.Refresh, StunMethod.CreatePermission, StunMethod.ChannelBind,
        StunMethod.Connect, StunMethod.ConnectionBind,
    ];

    public static void Write(MetricsText text, TurnNode turn)
    {
        var workers = turn.Decisions;
        text.Gauge("portunus_turn_allocations", "Allocations that live.",
            Each(transport => [(Of(transport), Sum(transport, by => by.AllocationsBegan - by.AllocationsEnded))]));
        text.Gauge("portunus_turn_draining", "Whether new allocations are turned away.", turn.DrainsSince is null ? 0 : 1);
        text.Gauge("portunus_turn_memory_short", "Whether new allocations and connections are refused to spare memory.",
            turn.IsMemoryShort ? 1 : 0);
        text.Counter("portunus_turn_shortages_total", "Allocations that were refused for lack of something, by what.",
            Enum.GetValues<Shortage>().Select(shortage => (
                MetricsText.Labels(("reason", MetricsText.Label(shortage))),
                (double)workers.Sum(worker => worker.Shortages(shortage)))));
        text.Counter("portunus_turn_allocations_begun_total", "Allocations that began.",
            Each(transport => [(Of(transport), Sum(transport, by => by.AllocationsBegan))]));
        text.Counter("portunus_turn_allocations_ended_total", "Allocations that ended, by how.",
            Each(transport => Enum.GetValues<AllocationEnd>().Select(reason =>
                (Of(transport, "reason", MetricsText.Label(reason)), Sum(transport, by => by.Ends(reason))))));
        text.Counter("portunus_turn_requests_total", "Requests, by method.",
            Each(transport => Methods.Select(method => (Of(transport, method), Sum(transport, by => by.Requests(method))))));
        text.Counter("portunus_turn_successes_total", "Success responses, by method.",
            Each(transport => Methods.Select(method => (Of(transport, method), Sum(transport, by => by.SuccessesOf(method))))));
        text.Counter("portunus_turn_errors_total", "Error responses, by STUN error code.",
            Each(transport => Enumerable.Range(300, 400).Select(code =>
                (Of(transport, "code", $"{code}"), Sum(transport, by => by.Errors(code))))).Where(sample => sample.Item2 > 0));
        text.Counter("portunus_turn_drops_total", "Messages that went nowhere, by reason.",
            Each(transport => Enum.GetValues<DropReason>().Where(reason => reason is not DropReason.None).Select(reason =>
                (Of(transport, "reason", MetricsText.Label(reason)), Sum(transport, by => by.Drops(reason))))));
        text.Counter("portunus_turn_orphans_total", "Datagrams of peers to relays that are not open any more.",
            Decided(worker => worker.OrphansDropped));
        text.Counter("portunus_turn_icmp_errors_total", "ICMP errors of peers that clients were told of.",
            Decided(worker => worker.IcmpErrors));
        text.Counter("portunus_turn_credentials_tried_total", "Credentials that a MAC was computed with.",
            Decided(worker => worker.CredentialsTried));
        text.Counter("portunus_turn_unauthenticated_received_bytes_total", "Requests over UDP that proved nothing.",
            Decided(worker => worker.UnauthenticatedBytesReceived));
        text.Counter("portunus_turn_unauthenticated_sent_bytes_total", "Answers to requests over UDP that proved nothing.",
            Decided(worker => worker.UnauthenticatedBytesSent));
        text.Gauge("portunus_turn_peer_connections", "Connections with peers (RFC 6062) that clients know of.",
            Decided(worker => worker.PeerConnectionsBegan - worker.PeerConnectionsEnded));
        text.Counter("portunus_turn_peer_connections_total", "Connections with peers of which clients were told.",
            Decided(worker => worker.PeerConnectionsBegan));
        text.Counter("portunus_turn_relayed_datagrams_total", "Datagrams relayed, by direction; of TCP the pieces as they were read.",
            Each(transport => Directions(transport, by => by.Traffic.ToPeerPackets, by => by.Traffic.ToClientPackets)));
        text.Counter("portunus_turn_relayed_bytes_total", "Payload relayed, by direction.",
            Each(transport => Directions(transport, by => by.Traffic.ToPeerBytes, by => by.Traffic.ToClientBytes)));
        OfLoops(text, turn);

        IEnumerable<(string, double)> Each(Func<ClientTransport, IEnumerable<(string, double)>> samples) =>
            Enum.GetValues<ClientTransport>().SelectMany(samples);
        double Decided(Func<TurnCounters, long> count) => workers.Sum(count);
        double Sum(ClientTransport transport, Func<TransportCounters, long> count) => workers.Sum(worker => count(worker.By(transport)));
        IEnumerable<(string, double)> Directions(
            ClientTransport transport, Func<TransportCounters, long> toPeer, Func<TransportCounters, long> toClient) =>
        [
            (Of(transport, "direction", "to_peer"), Sum(transport, toPeer)),
            (Of(transport, "direction", "to_client"), Sum(transport, toClient)),
        ];
    }

    static void OfLoops(MetricsText text, TurnNode turn)
    {
        var loops = turn.Loops;
        text.Counter("portunus_turn_listener_received_messages_total", "Messages of clients.", Each(one => one.Received));
        text.Counter("portunus_turn_listener_received_bytes_total", "Bytes of these messages.", Each(one => one.ReceivedBytes));
        text.Counter("portunus_turn_listener_sent_messages_total", "Messages to clients.", Each(one => one.Sent));
        text.Counter("portunus_turn_listener_sent_bytes_total", "Bytes of these messages.", Each(one => one.SentBytes));
        Count("portunus_turn_send_failures_total", "Datagrams that the system refused to send.", loop => loop.SendFailures);
        Count("portunus_turn_receive_failures_total", "Errors that the system reported instead of a datagram.",
            loop => loop.ReceiveFailures);
        Count("portunus_turn_streams_accepted_total", "Connections of clients.", loop => loop.StreamsAccepted);
        Count("portunus_turn_streams_refused_total", "Connections closed at once, by the limits or for a lack.",
            loop => loop.StreamsRefused);
        Count("portunus_turn_dtls_cookies_total", "Hellos of DTLS answered by a cookie.", loop => loop.CookiesSent);
        Count("portunus_turn_dtls_dropped_total", "Datagrams for DTLS of who has no session, not answered.", loop => loop.DtlsDropped);
        Count("portunus_turn_proxy_headers_refused_total", "Connections of balancers that began with no PROXY header.",
            loop => loop.HeadersRefused);
        Count("portunus_turn_streams_replaced_total", "Connections closed for a newer one of the same client address and port.",
            loop => loop.StreamsReplaced);
        Count("portunus_turn_streams_handed_over_total", "Connections that one worker handed to another, which has what they bind.",
            loop => loop.StreamsHandedOver);
        Count("portunus_turn_streams_timed_out_total", "Connections that were silent for too long.", loop => loop.StreamsTimedOut);
        Count("portunus_turn_streams_overrun_total", "Connections whose client did not read its answers.", loop => loop.StreamsOverrun);
        Count("portunus_turn_stream_media_lost_total", "Messages of peers lost since a client did not read.", loop => loop.MediaLost);
        Count("portunus_turn_carried_total", "Messages of clients that have moved, handed from worker to worker.", loop => loop.Carried);
        Count("portunus_turn_carried_lost_total", "Such messages that the other worker had no room for.", loop => loop.CarriedLost);
        Count("portunus_turn_relays_refused_total", "Relays that could not be opened.", loop => loop.RelaysRefused);

        void Count(string name, string help, Func<LoopCounters, long> count) => text.Counter(name, help, loops.Sum(count));
        IEnumerable<(string, double)> Each(Func<ListenerCounters, long> count) => turn.Listening.Select((listener, number) => (
            MetricsText.Labels(("listener", listener.Address.ToString()), ("transport", Name(listener.Transport))),
            (double)loops.Sum(loop => count(loop.Listeners[number]))));
    }

    static string Of(ClientTransport transport) => MetricsText.Labels(("transport", Name(transport)));

    static string Of(ClientTransport transport, StunMethod method) => Of(transport, "method", MetricsText.Label(method));

    static string Of(ClientTransport transport, string label, string value) =>
        MetricsText.Labels(("transport", Name(transport)), (label, value));

    static string Name(ClientTransport transport) => MetricsText.Label(transport);
}
