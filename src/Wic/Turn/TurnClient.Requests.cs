using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Wic;

// Requests on their way: formed, sent again until they are answered, answered (RFC 8489 §6.2.1, §6.3, §9.2.5).
public sealed partial class TurnClient
{
    /// <summary>Rc of RFC 8489 §6.2.1: sent at 0, 500, 1500, 3500, 7500, 15500 and 31500 ms.</summary>
    const int Sendings = 7;

    /// <summary>Rm: after the last, 16 first intervals of silence end it, 39.5 s after it began.</summary>
    const int LastWait = 16;

    /// <summary>A server that answers each new nonce with another is asked no more often than this.</summary>
    const int Attempts = 4;

    /// <summary>The protocol number of UDP in REQUESTED-TRANSPORT (RFC 8656 §18.8).</summary>
    const byte Udp = 17;

    /// <summary>
    /// A request has the largest known attributes well below this: 508 of username, 763 each of realm and nonce, 1024 of token.
    /// </summary>
    const int LongestRequest = 3300;

    /// <summary>The first interval between two sendings; each next is twice as long.</summary>
    static readonly TimeSpan Rto = TimeSpan.FromMilliseconds(500);

    readonly Dictionary<TransactionId, Transaction> _transactions = [];
    readonly Deadlines<TransactionId> _retransmissions = new();

    void Request(Instant now, Wanted wanted, int attempt = 1)
    {
        var id = TransactionId.Draw(random);
        var datagram = Form(id, wanted, out var signature);
        var transaction = new Transaction(wanted, attempt, datagram, signature);
        _transactions.Add(id, transaction);
        _retransmissions.Set(id, now + Rto);
        _effects.Enqueue(new TurnClientEffect.ToServer(transaction.Datagram));
    }

    byte[] Form(in TransactionId id, Wanted wanted, out ClientAuthentication.Signature? signature)
    {
        Span<byte> bytes = stackalloc byte[LongestRequest];
        var writer = new StunWriter(bytes, StunClass.Request, wanted.Method, id);
        if (wanted.Method == StunMethod.Allocate) writer.AddRequestedTransport(Udp);
        if (wanted.Method == StunMethod.Allocate && settings.Family != IPFamily.None)
            writer.AddRequestedAddressFamily(settings.Family);
        if (wanted.Lifetime is { } lifetime) writer.AddLifetime((uint)lifetime.TotalSeconds);
        if (wanted.Channel is { } channel) writer.AddChannelNumber(channel);
        if (wanted.Peer is { } peer) writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
        signature = _authentication.Sign(wanted.Method, ref writer);
        return writer.Written.ToArray();
    }

    void Retransmit(Instant now, TransactionId id)
    {
        var transaction = _transactions[id];
        if (transaction.Sent == Sendings)
        {
            _transactions.Remove(id);
            Fail(transaction.Wanted, transaction.Violated ? TurnClientFailure.Integrity : TurnClientFailure.Timeout);
            return;
        }

        transaction.Sent++;
        _retransmissions.Set(id, now + (Rto * (transaction.Sent == Sendings ? LastWait : 1 << (transaction.Sent - 1))));
        _effects.Enqueue(new TurnClientEffect.ToServer(transaction.Datagram));
    }

    void OnResponse(Instant now, in StunMessage response)
    {
        var id = response.TransactionId;
        if (!_transactions.TryGetValue(id, out var transaction) || response.Method != transaction.Wanted.Method) return;
        var code = default(ErrorCode);
        if (response.Class == StunClass.Error && response.ReadErrorCode(out code, out _) != Reading.Present) return;
        var challenged = code is ErrorCode.Unauthenticated or ErrorCode.StaleNonce;
        if (!challenged && !IsCredible(response, code, transaction)) return;

        _transactions.Remove(id);
        _retransmissions.Cancel(id);
        var (wanted, used) = (transaction.Wanted, transaction.Signature);
        if (challenged)
        {
            if (settings.AwaitsToken && used is null && _authentication.TryKeepOffer(response, out var server))
            {
                _awaiting = wanted;
                _effects.Enqueue(new TurnClientEffect.TokenWanted(server));
                return;
            }

            var canMeet = _authentication.TryMeet(now, response, code, wanted.Method, used, out var failure);
            if (canMeet && transaction.Attempt < Attempts) Request(now, wanted, transaction.Attempt + 1);
            else Fail(wanted, failure, code);
            return;
        }

        if (code == default) _authentication.Accept(wanted.Method, used);
        // A 300 that is not proved may be anybody's, who wants to be asked next.
        if (code == ErrorCode.TryAlternate && used is not null && response.ReadAlternateServer(out var alternate) == Reading.Present)
            Fail(wanted, TurnClientFailure.Refused, code, alternate);
        else
            Finish(now, wanted, response, code);
    }

    /// <summary>RFC 8489 §9.2.5: what fails this is discarded as if it had never come, and retransmissions go on.</summary>
    bool IsCredible(in StunMessage response, ErrorCode code, Transaction transaction)
    {
        if (_authentication.IsBidDown(response)) return false;
        if (code == ErrorCode.BadRequest && response.Integrity == Integrity.None) return false;
        // Before the first challenge there is no key: an error is believed, an allocation that nobody authenticated is not
        // (RFC 8656 §5).
        if (transaction.Signature is not { } signature) return response.Class == StunClass.Error;
        if (response.Verify(signature.Key)) return true;
        transaction.Violated = true;
        return false;
    }

    void Finish(Instant now, Wanted wanted, in StunMessage response, ErrorCode code)
    {
        switch (wanted.Method)
        {
            // RFC 8656 §8.3: a mismatch on deleting means that it is gone already.
            case StunMethod.Refresh when wanted.Lifetime == TimeSpan.Zero
                && code is default(ErrorCode) or ErrorCode.AllocationMismatch:
                End();
                break;
            // A server ends an allocation with its token.
            case var _ when code == ErrorCode.AllocationMismatch && _authentication.HasOutlivedToken(now):
                Fail(wanted, TurnClientFailure.TokenExpired, code);
                break;
            case var _ when code != default:
                Fail(wanted, TurnClientFailure.Refused, code);
                break;
            case StunMethod.Allocate:
                OnAllocated(now, wanted, response);
                break;
            case StunMethod.Refresh:
                OnRefreshed(now, response);
                break;
            default:
                OnAdmitted(now, wanted);
                break;
        }
    }

    /// <summary>Says what came to nothing; without Allocate or Refresh there is no relay.</summary>
    void Fail(Wanted wanted, TurnClientFailure cause, ErrorCode code = default, TransportAddress? alternate = null)
    {
        if (wanted.Method != StunMethod.Refresh || wanted.Lifetime != TimeSpan.Zero)
            _effects.Enqueue(new TurnClientEffect.Failed(wanted.Method, cause, code, wanted.Peer) { Alternate = alternate });
        if (wanted.Peer is { } peer) Dismiss(peer);
        else End();
    }

    /// <summary>What a request is to bring about.</summary>
    /// <param name="Method">Of the request.</param>
    /// <param name="Lifetime">Of Allocate and Refresh.</param>
    /// <param name="Peer">Of CreatePermission and ChannelBind.</param>
    /// <param name="Channel">Of ChannelBind.</param>
    sealed record Wanted(
        StunMethod Method, TimeSpan? Lifetime = null, TransportAddress? Peer = null, ChannelNumber? Channel = null);

    /// <summary>One request; after a challenge another takes its place, with an id of its own.</summary>
    sealed class Transaction(Wanted wanted, int attempt, byte[] datagram, ClientAuthentication.Signature? signature)
    {
        public Wanted Wanted => wanted;

        public int Attempt => attempt;

        public byte[] Datagram => datagram;

        /// <summary>With which credentials; null without.</summary>
        public ClientAuthentication.Signature? Signature => signature;

        public int Sent { get; set; } = 1;

        /// <summary>
        /// Whether an answer was discarded for its integrity: then silence at the end means something else (§9.2.5).
        /// </summary>
        public bool Violated { get; set; }
    }
}
