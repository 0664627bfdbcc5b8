using System.Text;
using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Tests.Simulation;

// What is said in a call: datagrams with numbers, through two relays, checked where they arrive.
sealed partial class WicHost
{
    /// <summary>What a caller waits after the last datagram, for those still on their way.</summary>
    static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    void Admit(Instant now, Talk talk, TransportAddress peer)
    {
        talk.Peer = peer;
        if (!_relays.TryGetValue(talk.Port, out var relay) || relay.Relayed is null) return;
        if (talk.Channels) relay.Bind(now, peer);
        else relay.Permit(now, peer);
    }

    void OnData(Talk? talk, ReadOnlySpan<byte> payload)
    {
        if (!Payload.TryRead(payload, out var call, out var fromCaller, out var number))
        {
            facts.Break(Laws.ContentIntact, Name, Convert.ToHexString(payload[..Math.Min(24, payload.Length)]));
            return;
        }

        if (call >= facts.Calls.Count || (fromCaller ? facts.Calls[call].Callee : facts.Calls[call].Caller) != this)
            facts.Break(Laws.OnlyPartners, Name, $"datagram {number} of call {call}");
        if (talk?.Number != call || !talk.Got.Add(number)) return;
        facts.DatagramsDelivered++;
    }

    /// <summary>
    /// Talks a second after the call stands and the peer is admitted: by then the other side has admitted this one.
    /// </summary>
    static void Begin(Instant now, Talk talk)
    {
        if (talk.IsAdmitted && (talk.IsCaller || talk.IsEstablished)) talk.NextAt ??= now + TimeSpan.FromSeconds(1);
    }

    void Speak(Instant now, Talk talk)
    {
        if (talk.Sent == talk.ToSend)
        {
            talk.NextAt = null;
            if (talk.IsCaller) Finish(now, talk);
            return;
        }

        talk.NextAt = now + (talk.Sent + 1 == talk.ToSend ? LastWords : talk.Interval);
        if (!_relays.TryGetValue(talk.Port, out var relay)) return;
        if (relay.TrySend(talk.Peer!.Value, Payload.Make(talk.Number, talk.IsCaller, talk.Sent))) facts.DatagramsSent++;
        talk.Sent++;
    }

    /// <summary>Ends the call from this side, whatever its state.</summary>
    void Finish(Instant now, Talk talk)
    {
        if (talk.Call is { } call) _agent.HangUp(now, call);
        else Forget(now, talk);
    }

    void OnEnded(Instant now, Talk talk, int status)
    {
        var other = talk.Partner._talk is { } partner && partner.Number == talk.Number ? partner.Got.Count : 0;
        // The caller's end comes first: both sides still know what they heard.
        if (talk.IsCaller && status == 200 && Math.Min(talk.Got.Count, other) * 2 > talk.ToSend) facts.CallsCompleted++;
        if (!talk.IsCaller && status == 200) facts.ByesHeard++;
        Forget(now, talk);
    }

    void Forget(Instant now, Talk talk)
    {
        if (_relays.TryGetValue(talk.Port, out var relay)) relay.Release(now);
        _talk = null;
    }

    static byte[] Sdp(int number, TransportAddress relayed) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- {number} 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio {relayed.Port} UDP/TLS/RTP/SAVPF 111\r\n"
        + $"c=IN IP4 {(relayed.Family == IPFamily.None ? "0.0.0.0" : relayed.ToIPAddress())}\r\n");

    static bool TryReadSdp(ReadOnlySpan<byte> sdp, out int number, out TransportAddress relayed)
    {
        (number, relayed) = (0, default);
        var lines = Encoding.ASCII.GetString(sdp).Split("\r\n");
        if (lines is not [_, var origin, _, _, var media, var connection, ..]) return false;
        number = int.Parse(origin.Split(' ')[1]);
        return TransportAddress.TryParse($"{connection.Split(' ')[2]}:{media.Split(' ')[1]}", out relayed);
    }

    /// <summary>One call as this side has it.</summary>
    sealed class Talk(int number, WicHost partner, int toSend, TimeSpan interval, bool channels)
    {
        public int Number => number;

        public WicHost Partner => partner;

        public int ToSend => toSend;

        public TimeSpan Interval => interval;

        public bool Channels => channels;

        public bool IsCaller { get; set; }

        public CallNumber? Call { get; set; }

        public ushort Port { get; set; }

        public TransportAddress? Peer { get; set; }

        public bool IsAdmitted { get; set; }

        public bool IsEstablished { get; set; }

        public int Sent { get; set; }

        public HashSet<int> Got { get; } = [];

        /// <summary>When it says the next thing, or hangs up.</summary>
        public Instant? NextAt { get; set; }
    }
}
