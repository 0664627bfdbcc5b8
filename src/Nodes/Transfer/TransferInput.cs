using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Nodes.Transfer;

/// <summary>What the thread of a <see cref="TransferNode"/> is given.</summary>
abstract record TransferInput
{
    public sealed record Push(
        PushedCredential Credential, IReadOnlyCollection<string> Servers, Instant Deadline, Action<IReadOnlyList<string>> Acknowledged)
        : TransferInput;

    public sealed record Withdraw(string Realm, string Username) : TransferInput;

    public sealed record Answer(AskId Id, TransferAnswer What) : TransferInput;
}
