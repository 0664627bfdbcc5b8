using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>Who proved to be the sender of a request: a credential and the key that it was proved with.</summary>
/// <remarks>RFC 8656 §6: the key is kept, never the password.</remarks>
sealed class Caller(Bytes username, Subject subject, PasswordAlgorithm algorithm, IntegrityKey key)
{
    public Bytes Username { get; } = username;

    public Subject Subject { get; } = subject;

    public PasswordAlgorithm Algorithm { get; } = algorithm;

    public IntegrityKey Key { get; } = key;
}
