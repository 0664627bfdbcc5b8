using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A client of the stand, on one path, that says exactly what the test wants it to say.</summary>
sealed class TurnClient(
    TurnStand stand, string address = "203.0.113.77:40000", string username = "alice", string password = "wonderland")
{
    static int _transactions;

    public delegate void Fill(ref StunWriter writer);

    public ClientPath Path { get; init; } =
        new(new(TurnStand.IP(address), TurnStand.IP("198.41.0.4:3478"), ClientTransport.Udp), 0);

    public string Username { get; set; } = username;

    public string Password { get; set; } = password;

    public string Realm { get; set; } = TurnStand.Realm;

    public byte[]? Nonce { get; set; }

    /// <summary>The PASSWORD-ALGORITHM it sends, with the list echoed; null sends neither, as clients of RFC 5389 do.</summary>
    public PasswordAlgorithm? Algorithm { get; set; }

    /// <summary>Which integrity attribute it sends.</summary>
    public Integrity Integrity { get; set; } = Integrity.Sha1;

    public bool Fingerprint { get; set; }

    public bool ByHash { get; set; }

    public IntegrityKey Key =>
        LongTermKey.TryDerive(Algorithm ?? PasswordAlgorithm.Md5, Username, Realm, Password, out var key)
            ? new(key.Span)
            : throw new FormatException();

    /// <summary>A request without any credential.</summary>
    public TurnReply Bare(StunMethod method, Fill? fill = null) => stand.Send(Path, Write(StunClass.Request, method, fill));

    /// <summary>A proved request; the nonce is fetched first where there is none.</summary>
    public TurnReply Ask(StunMethod method, Fill? fill = null, TransactionId? transaction = null)
    {
        Nonce ??= Bare(StunMethod.Allocate).Nonce;
        return stand.Send(Path, Proved(method, fill, transaction));
    }

    /// <summary>The bytes of a proved request.</summary>
    public byte[] Proved(StunMethod method, Fill? fill = null, TransactionId? transaction = null) =>
        Write(StunClass.Request, method, (ref StunWriter writer) =>
        {
            fill?.Invoke(ref writer);
            if (!ByHash) writer.Add(AttributeType.Username, Encoding.UTF8.GetBytes(Username));
            else if (UserHash.TryCompute(Username, Realm, out var hash)) writer.Add(AttributeType.UserHash, hash.Span);
            writer.Add(AttributeType.Realm, Encoding.UTF8.GetBytes(Realm));
            writer.Add(AttributeType.Nonce, Nonce);
            if (Algorithm is { } algorithm)
            {
                writer.AddPasswordAlgorithms([2, 1]);
                writer.AddPasswordAlgorithm((ushort)algorithm);
            }

            writer.AddIntegrity(Integrity, Key);
        }, transaction);

    public TurnReply Allocate(Fill? fill = null, TransactionId? transaction = null) =>
        Ask(StunMethod.Allocate, (ref StunWriter writer) =>
        {
            writer.AddRequestedTransport(17);
            fill?.Invoke(ref writer);
        }, transaction);

    public TurnReply Refresh(uint? lifetime = null) => Ask(StunMethod.Refresh, (ref StunWriter writer) =>
    {
        if (lifetime is { } seconds) writer.AddLifetime(seconds);
    });

    public TurnReply Permit(params string[] peers) => Ask(StunMethod.CreatePermission, (ref StunWriter writer) =>
    {
        foreach (var peer in peers) writer.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer));
    });

    public TurnReply Bind(ushort channel, string peer) => Ask(StunMethod.ChannelBind, (ref StunWriter writer) =>
    {
        writer.AddChannelNumber(new(channel));
        writer.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer));
    });

    public TurnReply Data(ushort channel, string text, int surplus = 0)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var message = new byte[4 + payload.Length + surplus];
        ChannelData.WriteHeader(message, new(channel), payload.Length);
        payload.CopyTo(message, 4);
        return stand.Send(Path, message);
    }

    public TurnReply SendTo(string peer, string text, Fill? fill = null) =>
        stand.Send(Path, Write(StunClass.Indication, StunMethod.Send, (ref StunWriter writer) =>
        {
            writer.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer));
            fill?.Invoke(ref writer);
            writer.Add(AttributeType.Data, Encoding.UTF8.GetBytes(text));
        }));

    public byte[] Write(StunClass stunClass, StunMethod method, Fill? fill, TransactionId? transaction = null)
    {
        var buffer = new byte[4096];
        var writer = new StunWriter(buffer, stunClass, method, transaction ?? NextTransaction());
        fill?.Invoke(ref writer);
        if (Fingerprint) writer.AddFingerprint();
        Assert.False(writer.Full);
        return writer.Written.ToArray();
    }

    public static TransactionId NextTransaction()
    {
        Span<byte> id = stackalloc byte[12];
        BitConverter.TryWriteBytes(id, Interlocked.Increment(ref _transactions));
        return TransactionId.Read(id);
    }
}
