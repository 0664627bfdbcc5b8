using System.Collections.Concurrent;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

// What is waited for, and how it is said that it will not come.
public sealed partial class RelayClient
{
    string Sentence(TurnClientEffect.Failed failed) => failed switch
    {
        { Cause: TurnClientFailure.Timeout } =>
            $"The TURN server udp:{_server} did not answer {failed.Method} within 39.5 s (RFC 8489 §6.2.1).",
        { Cause: TurnClientFailure.Unreachable } => $"Nobody listens at udp:{_server}; check the address of the TURN server.",
        { Cause: TurnClientFailure.Integrity } =>
            $"Every answer of udp:{_server} failed its integrity check: it does not know the credential, or is somebody else.",
        { Cause: TurnClientFailure.Challenge } =>
            $"The challenge of udp:{_server} cannot be met{Code(failed.Code)}: "
            + "its algorithms are unknown, or were taken out on the way.",
        { Cause: TurnClientFailure.TokenExpired } => $"The token for udp:{_server} has run out; get a new one (RFC 7635 §8).",
        { Cause: TurnClientFailure.TokenRefused } =>
            $"udp:{_server} refuses the token: it does not know its kid, or holds another key, or the clocks are apart.",
        { Cause: TurnClientFailure.TokenForAnother } =>
            $"udp:{_server} takes tokens for another server name than this one was made for (RFC 7635 §6.1).",
        { Cause: TurnClientFailure.TokenMalformed } => "What was given for a token is none that a client could send.",
        { Cause: TurnClientFailure.TokenUnwanted } => $"udp:{_server} takes no tokens (RFC 7635), and there is no password.",
        { Peer: { } peer } => $"udp:{_server} refuses the peer {peer}{Code(failed.Code)}; its rules must allow such peers.",
        { Code: ErrorCode.Unauthenticated or ErrorCode.WrongCredentials } =>
            $"udp:{_server} refuses the credential{Code(failed.Code)}: it is wrong, or has run out.",
        _ => $"udp:{_server} refuses {failed.Method}{Code(failed.Code)}.",
    };

    static string Code(ErrorCode code) =>
        code == default ? "" : $" ({(int)code} {System.Text.Encoding.ASCII.GetString(code.ReasonPhrase())})";

    /// <summary>Each is granted or refused once.</summary>
    sealed class Wishes
    {
        readonly ConcurrentDictionary<TransportAddress, TaskCompletionSource<TurnClientEffect.Admitted>> _peers = new();

        public TaskCompletionSource<string> Server { get; } = New<string>();

        public TaskCompletionSource<TurnClientEffect.Allocated> Relay { get; } = New<TurnClientEffect.Allocated>();

        public TaskCompletionSource<MediaReport> Report { get; } = New<MediaReport>();

        public TaskCompletionSource<Instant> Heard { get; } = New<Instant>();

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<TurnClientEffect.Admitted> Of(TransportAddress peer) =>
            _peers.GetOrAdd(peer, _ => New<TurnClientEffect.Admitted>());

        /// <summary>Nothing more will be granted.</summary>
        public void Fail(Exception why)
        {
            Refuse(Server, why);
            Refuse(Relay, why);
            Refuse(Report, why);
            Refuse(Heard, why);
            foreach (var peer in _peers.Values) Refuse(peer, why);
            End.TrySetResult();
        }

        static void Refuse<T>(TaskCompletionSource<T> wish, Exception why)
        {
            // Seen, though perhaps nobody waits for it.
            if (wish.TrySetException(why)) _ = wish.Task.Exception;
        }

        static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
