using System.Net;
using System.Security.Cryptography;
using System.Text;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Transports;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Running;

/// <summary>The long-term mechanism (RFC 8489 §9.2), and tokens in its place (RFC 7635).</summary>
sealed partial class TurnClient
{
    const ushort Md5 = 1, Sha256 = 2;

    byte[]? _macKey;

    /// <summary>What the last 401 or 438 gave.</summary>
    public string Realm { get; private set; } = "";

    public byte[] Nonce { get; set; } = [];

    /// <summary>The value of PASSWORD-ALGORITHMS, or null where there was none.</summary>
    public byte[]? Algorithms { get; private set; }

    /// <summary>Whether the server offers SHA-256, which a client then takes (RFC 8656 §6).</summary>
    public bool HasSha256 => Algorithms is { } value && Offered(value).Contains(Sha256);

    /// <summary>The key of the algorithm in use.</summary>
    public byte[] Key => _macKey ?? (HasSha256 ? Sha256Key : Md5Key);

    public byte[] Md5Key => MD5.HashData(Encoding.UTF8.GetBytes($"{User.Name}:{Realm}:{User.Password}"));

    public byte[] Sha256Key => SHA256.HashData(Encoding.UTF8.GetBytes($"{User.Name}:{Realm}:{User.Password}"));

    /// <summary>Asks without credentials, and keeps what the 401 says.</summary>
    public Incoming Challenge()
    {
        var response = MustAnswer(AllocateRequest()).MustBe(401);
        Keep(response);
        return response;
    }

    /// <summary>Takes realm, nonce and algorithms from a client of the same server.</summary>
    public void Learn(TurnClient other) => (Realm, Nonce, Algorithms) = (other.Realm, other.Nonce, other.Algorithms);

    /// <summary>Another user on the same five-tuple, with the same challenge. Closing it closes neither.</summary>
    public TurnClient As(User other) => new(new Borrowed(pipe), other, patience) { Realm = Realm, Nonce = Nonce, Algorithms = Algorithms };

    /// <summary>Uses a token's name and key from now on; MESSAGE-INTEGRITY is by its key (RFC 7635 §9).</summary>
    public void UseToken(byte[] macKey) => _macKey = macKey;

    /// <summary>Realm, nonce and algorithms of a 401 or 438.</summary>
    public void Keep(Incoming challenge)
    {
        Realm = challenge.Text(Attr.Realm);
        Nonce = challenge.Get(Attr.Nonce) ?? [];
        Algorithms = challenge.Get(Attr.PasswordAlgorithms);
    }

    /// <summary>Adds everything that authenticates a request, integrity last.</summary>
    public Outgoing Sign(Outgoing request) => AddIntegrity(AddNames(request));

    /// <summary>USERNAME, REALM, NONCE and the algorithms, as a client has them after a challenge.</summary>
    public Outgoing AddNames(Outgoing request)
    {
        request.Add(Attr.Username, User.Name).Add(Attr.Realm, Realm).Add(Attr.Nonce, Nonce);
        if (Algorithms is null || _macKey is not null) return request;
        return request.Add(Attr.PasswordAlgorithms, Algorithms).Add(Attr.PasswordAlgorithm, (uint)(HasSha256 ? Sha256 : Md5) << 16);
    }

    /// <summary>The integrity attribute that belongs to <see cref="AddNames"/>.</summary>
    public Outgoing AddIntegrity(Outgoing request) =>
        _macKey is null && HasSha256 ? request.AddIntegritySha256(Key) : request.AddIntegrity(Key);

    /// <summary>Whether a response is protected in the way of the requests.</summary>
    public bool IsProtected(Incoming response) =>
        _macKey is null && HasSha256 ? response.IntegritySha256Holds(Key) : response.IntegrityHolds(Key);

    /// <summary>Signs a request and sends it; a 438 is followed by one more try with the new nonce.</summary>
    /// <param name="body">Makes the request without its authentication.</param>
    public Incoming AskSigned(Func<Outgoing> body)
    {
        var response = MustAnswer(Sign(body()));
        if (response.Error != 438) return response;
        Keep(response);
        return MustAnswer(Sign(body()));
    }

    /// <summary>Signs and sends a request as it is.</summary>
    public Incoming AskSigned(Outgoing request) => MustAnswer(Sign(request));

    /// <summary>A five-tuple that somebody else closes.</summary>
    sealed class Borrowed(IPipe owned) : IPipe
    {
        public IPEndPoint Local => owned.Local;

        public bool IsStream => owned.IsStream;

        public void Send(ReadOnlySpan<byte> bytes) => owned.Send(bytes);

        public byte[]? Receive(TimeSpan patience) => owned.Receive(patience);

        public void Dispose() { }
    }

    static IEnumerable<int> Offered(byte[] algorithms)
    {
        for (var at = 0; at + 4 <= algorithms.Length;)
        {
            yield return algorithms[at] << 8 | algorithms[at + 1];
            at += 4 + (((algorithms[at + 2] << 8 | algorithms[at + 3]) + 3) & ~3);
        }
    }
}
