using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>One client that allocates once, on a five-tuple of its own.</summary>
sealed class PullCall(string username, TransportAddress client)
{
    public string Username => username;

    public TransportAddress Client => client;

    /// <summary>Searches that its request has begun.</summary>
    public int Asked { get; set; }

    public bool IsAnswered { get; private set; }

    public bool IsServed { get; private set; }

    public static byte[] Bare(IRandom random) => Write(random, static (ref _) => { });

    /// <summary>The request that proves the password (RFC 8489 §9.2.3).</summary>
    public byte[] Proved(IRandom random, byte[] nonce) => Write(random, (ref writer) =>
    {
        writer.Add(AttributeType.Username, Encoding.ASCII.GetBytes(username));
        writer.Add(AttributeType.Realm, Encoding.ASCII.GetBytes(TransferWorld.Realm));
        writer.Add(AttributeType.Nonce, nonce);
        writer.AddIntegrity(Integrity.Sha1, new IntegrityKey(TransferWorld.Credential(username, 1, 0).KeyMd5.Span));
    });

    public static byte[] NonceOf(ReadOnlySpan<byte> challenge) =>
        StunMessage.TryParse(challenge, out var message, out _) && message.ReadNonce(out var nonce) == Reading.Present
            ? nonce.ToArray()
            : throw new InvalidOperationException("A bare Allocate was not challenged.");

    public void Receive(ReadOnlySpan<byte> reply)
    {
        IsAnswered = true;
        IsServed = StunMessage.TryParse(reply, out var message, out _) && message.Class == StunClass.Success;
    }

    static byte[] Write(IRandom random, Fill fill)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, TransactionId.Draw(random));
        writer.AddRequestedTransport(17);
        fill(ref writer);
        return writer.Written.ToArray();
    }

    delegate void Fill(ref StunWriter writer);
}
