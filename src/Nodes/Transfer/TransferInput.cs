using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Nodes.Transfer;

/// <summary>What the thread of a <see cref="TransferNode"/> is given.</summary>
abstract class TransferInput
{
    public sealed class Push(PushedCredential credential, IReadOnlyCollection<string> servers) : TransferInput
    {
        readonly TaskCompletionSource<IReadOnlyList<string>?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PushedCredential Credential => credential;

        public IReadOnlyCollection<string> Servers => servers;

        /// <summary>Of the machine; null before it was begun. The thread's own.</summary>
        public AskId? Id { get; set; }

        /// <summary>Null when it was never begun.</summary>
        public Task<IReadOnlyList<string>?> Acknowledged => _answer.Task;

        public void Complete(IReadOnlyList<string>? servers) => _answer.TrySetResult(servers);
    }

    /// <summary>Nobody waits for a push any more.</summary>
    public sealed class Conclude(Push begun) : TransferInput
    {
        public Push Begun => begun;
    }

    /// <summary>A server asks for a credential.</summary>
    public sealed class Fetch(string server, string realm, string username) : TransferInput
    {
        readonly TaskCompletionSource<FetchAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Server => server;

        public string Realm => realm;

        public string Username => username;

        public Task<FetchAnswer> Fetched => _answer.Task;

        public void Complete(FetchAnswer answer) => _answer.TrySetResult(answer);
    }

    public sealed class Withdraw(string realm, string username, ulong sequence) : TransferInput
    {
        public string Realm => realm;

        public string Username => username;

        public ulong Sequence => sequence;
    }

    public sealed class Revoke(string realm, string id, long expires, IReadOnlyCollection<string> servers) : TransferInput
    {
        public string Realm => realm;

        public string Id => id;

        /// <summary>Unix seconds.</summary>
        public long Expires => expires;

        public IReadOnlyCollection<string> Servers => servers;
    }

    public sealed class Answer(AskId id, TransferAnswer what) : TransferInput
    {
        public AskId Id => id;

        public TransferAnswer What => what;
    }
}
