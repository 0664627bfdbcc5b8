using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A client of the stand that proves itself by an access token of RFC 7635, and its authorization server.</summary>
sealed class TokenClient
{
    public const string Server = "turn1.ims.example.net";

    public static readonly TokenKey First = new("waf1-turn1-1", TokenAlgorithm.A256Gcm, "0123456789abcdef0123456789abcdef"u8);
    public static readonly TokenKey Second = new("waf1-turn1-2", TokenAlgorithm.A128Gcm, "fedcba9876543210"u8);

    static uint _counter;

    readonly TurnStand _stand;
    readonly TurnClient _client;

    public TokenClient(TurnStand stand, string address = "203.0.113.77:40000", ClientTransport transport = ClientTransport.Udp)
    {
        (_stand, _client) = (stand, new(stand, address) { Path = TcpClient.PathOf(address, transport) });
        Take(Mint(stand.Now));
    }

    /// <summary>A stand that takes tokens of both keys beside alice and bob.</summary>
    public static TurnStand Stand(TurnSettings? settings = null, TurnLedger? ledger = null, byte worker = 0) =>
        new(settings, new CredentialVerifier(Sources), ledger: ledger, worker: worker);

    public static CredentialSources Sources { get; } = new()
    {
        Realm = TurnStand.Realm,
        Users = [new("alice", "wonderland"), new("bob", "builder")],
        TokenKeys = [new(First), new(Second)],
        ServerName = Server,
    };

    public string Kid { get; set; } = First.Kid;

    public byte[] MacKey { get; set; } = [];

    public byte[] Token { get; set; } = [];

    /// <summary>Which attribute it sends; by default the one that the key is for.</summary>
    public Integrity? Integrity { get; set; }

    /// <summary>Sends PASSWORD-ALGORITHMS and PASSWORD-ALGORITHM as well.</summary>
    public bool EchoesAlgorithms { get; set; }

    /// <summary>Keys its HMAC with so many bytes of the key; coturn's takes 16.</summary>
    public int KeyBytes { get; set; } = 32;

    public IntegrityKey Key => new(MacKey.AsSpan(0, Math.Min(MacKey.Length, KeyBytes)));

    public ClientPath Path => _client.Path;

    /// <summary>What the id of a token is charged as.</summary>
    public static Subject Subject(string id) =>
        new(CredentialKind.Token, Bytes.Utf8(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(id))));

    /// <summary>Seals a token as an authorization server does.</summary>
    /// <param name="now">Dates it.</param>
    /// <param name="key">The first unless given.</param>
    /// <param name="lifetime">Seconds.</param>
    /// <param name="id">8 characters: whom it is for.</param>
    /// <param name="macLength">20 or 32.</param>
    /// <param name="server">Whose name it is sealed over.</param>
    public static (string Kid, byte[] MacKey, byte[] Token) Mint(
        Instant now, TokenKey? key = null, uint lifetime = 3600, string id = "grant001", int macLength = 20,
        string server = Server)
    {
        key ??= First;
        using var seal = new TokenSeal(key, server);
        var counter = Interlocked.Increment(ref _counter);
        var mac = Encoding.ASCII.GetBytes($"{counter,20}{"",12}")[..macLength];
        return (key.Kid, mac, seal.Seal([.. Encoding.ASCII.GetBytes(id), .. BitConverter.GetBytes(counter)], mac, now, lifetime)
            .Span.ToArray());
    }

    public TokenClient Take((string Kid, byte[] MacKey, byte[] Token) minted)
    {
        (Kid, MacKey, Token) = minted;
        return this;
    }

    public TurnReply Bare(StunMethod method) => _client.Bare(method);

    public TurnReply Ask(
        StunMethod method, TurnClient.Fill? fill = null, bool? withToken = null, TransactionId? transaction = null)
    {
        _client.Nonce ??= Bare(StunMethod.Allocate).Nonce;
        return _stand.Send(Path, Proved(method, fill, withToken, transaction));
    }

    public byte[] Proved(
        StunMethod method, TurnClient.Fill? fill = null, bool? withToken = null, TransactionId? transaction = null) =>
        _client.Write(StunClass.Request, method, (ref StunWriter writer) =>
        {
            fill?.Invoke(ref writer);
            writer.Add(AttributeType.Username, Encoding.UTF8.GetBytes(Kid));
            writer.Add(AttributeType.Realm, Encoding.UTF8.GetBytes(TurnStand.Realm));
            writer.Add(AttributeType.Nonce, _client.Nonce);
            if (withToken ?? method is StunMethod.Allocate or StunMethod.Refresh) writer.Add(AttributeType.AccessToken, Token);
            if (EchoesAlgorithms)
            {
                writer.AddPasswordAlgorithms([2, 1]);
                writer.AddPasswordAlgorithm(2);
            }

            writer.AddIntegrity(
                Integrity ?? (MacKey.Length == 32 ? Portunus.Stun.Integrity.Sha256 : Portunus.Stun.Integrity.Sha1), Key);
        }, transaction);

    public TurnReply Allocate(TurnClient.Fill? fill = null, TransactionId? transaction = null) =>
        Ask(StunMethod.Allocate, (ref StunWriter writer) =>
        {
            writer.AddRequestedTransport(17);
            fill?.Invoke(ref writer);
        }, transaction: transaction);

    public TurnReply Refresh(uint? lifetime = null, bool? withToken = null) =>
        Ask(StunMethod.Refresh, (ref StunWriter writer) =>
        {
            if (lifetime is { } seconds) writer.AddLifetime(seconds);
        }, withToken);

    public TurnReply Permit(string peer, bool withToken = false) => Ask(StunMethod.CreatePermission,
        (ref StunWriter writer) => writer.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer)), withToken);

    public TurnReply Bind(ushort channel, string peer, bool withToken = false) =>
        Ask(StunMethod.ChannelBind, (ref StunWriter writer) =>
        {
            writer.AddChannelNumber(new(channel));
            writer.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer));
        }, withToken);
}
