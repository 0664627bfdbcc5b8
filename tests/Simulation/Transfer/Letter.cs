using System.Buffers.Binary;
using System.Collections.Immutable;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Tests.Simulation.Transfer;

/// <summary>What passes between an edge and a TURN server, without HTTP around it.</summary>
/// <param name="Life">Of the edge: an answer finds the process that asked, as over a connection, or nobody.</param>
/// <param name="Id">Of the request.</param>
abstract record Letter(int Life, AskId Id)
{
    public sealed record Put(int Life, AskId Id, PushedCredential Credential, ulong Epoch) : Letter(Life, Id);

    public sealed record Delete(int Life, AskId Id, string Username, ulong Sequence) : Letter(Life, Id);

    public sealed record Revoke(int Life, AskId Id, string Revoked, long Expires) : Letter(Life, Id);

    public sealed record Sync(int Life, AskId Id, ulong Sequence, ImmutableArray<PushedCredential> Set, ulong Epoch)
        : Letter(Life, Id);

    public sealed record GetEpoch(int Life, AskId Id) : Letter(Life, Id);

    /// <summary>A TURN server asks for a credential (pull); the life is the server's.</summary>
    public sealed record Find(int Life, AskId Id, string Username) : Letter(Life, Id);

    public sealed record Told(int Life, AskId Id, FetchAnswer What) : Letter(Life, Id);

    public sealed record Answer(int Life, AskId Id, TransferAnswer What) : Letter(Life, Id);
}

/// <summary>Letters by number: a world carries bytes and never looks inside.</summary>
sealed class Post
{
    readonly List<Letter> _letters = [];

    public byte[] Send(Letter letter)
    {
        _letters.Add(letter);
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, _letters.Count - 1);
        return bytes;
    }

    public Letter Open(ReadOnlyMemory<byte> bytes) => _letters[(int)BinaryPrimitives.ReadInt64BigEndian(bytes.Span)];
}
