using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Stun;

namespace Portunus.Tests.Io.Relay;

/// <summary>What came of a request: the error code, or none, and what was in the answer.</summary>
public readonly record struct Answer(ErrorCode? Error, TransportAddress Relayed, TransportAddress Mapped, uint Lifetime)
{
    /// <summary>The other address of a dual allocation.</summary>
    public TransportAddress? Second { get; init; }

    /// <summary>ADDRESS-ERROR-CODE: which of two families was not given, and why.</summary>
    public (IPFamily Family, ErrorCode Why)? Missing { get; init; }

    /// <summary>MOBILITY-TICKET.</summary>
    public byte[]? Ticket { get; init; }

    /// <summary>CONNECTION-ID.</summary>
    public uint? Connection { get; init; }

    /// <summary>RESERVATION-TOKEN.</summary>
    public ulong? Token { get; init; }
}

/// <summary>A TURN client that does what a test says, one step at a time, over a real socket.</summary>
public sealed class RawClient : IDisposable
{
    // Loopback answers at once; a loaded machine may not.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Between two sendings of a request.
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly Socket _socket;
    readonly IRawWire? _wire;
    readonly string _user;
    readonly string _password;
    readonly PasswordAlgorithm _algorithm;
    readonly SystemRandom _random = new();
    readonly byte[] _buffer = new byte[65535];
    readonly Queue<byte[]> _data = [];
    readonly Queue<(TransportAddress Peer, IcmpError Error)> _icmp = [];
    readonly Queue<(uint Connection, TransportAddress Peer)> _attempts = [];
    IssuedToken? _token;
    IntegrityKey? _key;
    byte[] _realm = [];
    byte[] _nonce = [];
    byte[] _algorithms = [];
    bool _isNewChallenge;

    /// <param name="server">Where the TURN server listens.</param>
    /// <param name="user">Name.</param>
    /// <param name="password">Password.</param>
    /// <param name="algorithm">Which of the two keys to prove it with; SHA-256 takes MESSAGE-INTEGRITY-SHA256 along.</param>
    /// <param name="transport">UDP, or one of the streams.</param>
    /// <param name="from">Which address of this machine it sends from by UDP; null for that which the system takes.</param>
    public RawClient(
        TransportAddress server, string user, string password, PasswordAlgorithm algorithm = PasswordAlgorithm.Md5,
        ClientTransport transport = ClientTransport.Udp, IPAddress? from = null)
    {
        (_user, _password, _algorithm) = (user, password, algorithm);
        var endPoint = server.ToIPEndPoint();
        if (transport != ClientTransport.Udp)
        {
            _wire = new RawStream(endPoint, transport == ClientTransport.Tls);
            _socket = _wire.Socket;
            return;
        }

        _socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        if (from is not null) _socket.Bind(new IPEndPoint(from, 0));
        _socket.Connect(endPoint);
    }

    /// <summary>Speaks over a wire, which it owns from now on.</summary>
    public RawClient(IRawWire wire, string user, string password)
    {
        (_user, _password, _algorithm) = (user, password, PasswordAlgorithm.Md5);
        (_wire, _socket) = (wire, wire.Socket);
    }

    /// <summary>Proves itself by an access token of RFC 7635.</summary>
    public RawClient(TransportAddress server, IssuedToken token)
        : this(server, token.Kid, "") => _token = token;

    /// <summary>Whether the server is one of RFC 5389, which names no algorithms.</summary>
    public bool IsForeign { get; init; }

    /// <summary>What it says in ORIGIN of every request; null for nothing.</summary>
    public string? Origin { get; init; }

    public delegate void Write(ref StunWriter writer);

    public TransportAddress Local => TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);

    public Answer Bind() => Ask(StunMethod.Binding, static (ref writer) => { });

    public Answer Allocate(IPFamily family = IPFamily.None) => Ask(StunMethod.Allocate, (ref writer) =>
    {
        writer.AddRequestedTransport(17); // UDP
        if (family != IPFamily.None) writer.AddRequestedAddressFamily(family);
    });

    /// <summary>An address of each family in one allocation.</summary>
    public Answer AllocateBoth() => Ask(StunMethod.Allocate, (ref writer) =>
    {
        writer.AddRequestedTransport(17); // UDP
        writer.AddAdditionalAddressFamily(IPFamily.IPv6);
    });

    /// <summary>An allocation that may move (RFC 8016).</summary>
    public Answer AllocateMobile() => Ask(StunMethod.Allocate, (ref writer) =>
    {
        writer.AddRequestedTransport(17); // UDP
        writer.Add(AttributeType.MobilityTicket, []);
    });

    /// <summary>Takes over the allocation of a client that was elsewhere.</summary>
    public Answer Move(byte[] ticket) => Ask(StunMethod.Refresh, (ref writer) => writer.Add(AttributeType.MobilityTicket, ticket));

    /// <summary>Of one family alone.</summary>
    public Answer Refresh(uint seconds, IPFamily family) => Ask(StunMethod.Refresh, (ref writer) =>
    {
        writer.AddLifetime(seconds);
        writer.AddRequestedAddressFamily(family);
    });

    public Answer Refresh(uint seconds) => Ask(StunMethod.Refresh, (ref writer) => writer.AddLifetime(seconds));

    /// <summary>The same with another token, by which all goes from then on.</summary>
    public Answer Refresh(uint seconds, IssuedToken token)
    {
        (_token, _key) = (token, new(token.MacKey.Span));
        return Refresh(seconds);
    }

    public Answer Permit(TransportAddress peer) =>
        Ask(StunMethod.CreatePermission, (ref writer) => writer.AddXorAddress(AttributeType.XorPeerAddress, peer));

    public Answer BindChannel(ushort channel, TransportAddress peer) => Ask(StunMethod.ChannelBind, (ref writer) =>
    {
        writer.AddChannelNumber(new(channel));
        writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
    });

    /// <summary>A Send indication.</summary>
    public void Send(TransportAddress peer, ReadOnlySpan<byte> data, bool dontFragment = false)
    {
        var writer = new StunWriter(_buffer, StunClass.Indication, StunMethod.Send, TransactionId.Draw(_random));
        writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
        if (dontFragment) writer.AddDontFragment();
        writer.Add(AttributeType.Data, data);
        SendRaw(writer.Written);
    }

    public void SendOnChannel(ushort channel, ReadOnlySpan<byte> data)
    {
        var padding = _wire is not { IsStream: true } ? 0 : ChannelData.PaddingOf(data.Length);
        var message = new byte[ChannelData.HeaderLength + data.Length + padding];
        ChannelData.WriteHeader(message, new(channel), data.Length);
        data.CopyTo(message.AsSpan(ChannelData.HeaderLength));
        SendRaw(message);
    }

    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        if (_wire is not null) _wire.Write(bytes);
        else _socket.Send(bytes);
    }

    /// <summary>Whether it reads what comes over its stream; one piece may have been read already.</summary>
    public void Listen(bool reads) => _wire!.Listen(reads);

    /// <summary>Whether the server has closed the connection.</summary>
    public bool IsClosed => _wire is { HasEnded: true };

    /// <summary>The payload of the next Data indication or ChannelData.</summary>
    public byte[] Receive()
    {
        while (_data.Count == 0) Take(ReceiveRaw(Patience) ?? throw new TimeoutException("No data came."), default, out _, out _);
        return _data.Dequeue();
    }

    /// <summary>All payloads that came so far and were not received; does not wait.</summary>
    public byte[][] TakeHeard()
    {
        while (ReceiveRaw(TimeSpan.Zero) is { } bytes) Take(bytes, default, out _, out _);
        byte[][] heard = [.. _data];
        _data.Clear();
        return heard;
    }

    /// <summary>It is gone without a word to the server.</summary>
    public void Abandon() => _socket.Dispose();

    /// <summary>The next ICMP error that the server tells.</summary>
    public (TransportAddress Peer, IcmpError Error) ReceiveIcmp()
    {
        while (_icmp.Count == 0) Take(ReceiveRaw(Patience) ?? throw new TimeoutException("No error came."), default, out _, out _);
        return _icmp.Dequeue();
    }

    /// <summary>An allocation of TCP (RFC 6062).</summary>
    public Answer AllocateTcp(IPFamily family = IPFamily.None) => Ask(StunMethod.Allocate, (ref writer) =>
    {
        writer.AddRequestedTransport(6); // TCP
        if (family != IPFamily.None) writer.AddRequestedAddressFamily(family);
    });

    public Answer Connect(TransportAddress peer) =>
        Ask(StunMethod.Connect, (ref writer) => writer.AddXorAddress(AttributeType.XorPeerAddress, peer));

    public Answer BindConnection(uint connection) => Ask(StunMethod.ConnectionBind, (ref writer) => writer.AddConnectionId(connection));

    /// <summary>The next ConnectionAttempt that the server tells.</summary>
    public (uint Connection, TransportAddress Peer) ReceiveAttempt()
    {
        while (_attempts.Count == 0) Take(ReceiveRaw(Patience) ?? throw new TimeoutException("No peer came."), default, out _, out _);
        return _attempts.Dequeue();
    }

    /// <summary>An allocation with an even port, and the token for the next.</summary>
    public Answer AllocatePair() => Ask(StunMethod.Allocate, (ref writer) =>
    {
        writer.AddRequestedTransport(17); // UDP
        writer.AddEvenPort(true);
    });

    /// <summary>The allocation for which a port was reserved.</summary>
    public Answer AllocateReserved(ulong token) => Ask(StunMethod.Allocate, (ref writer) =>
    {
        writer.AddRequestedTransport(17); // UDP
        writer.AddReservationToken(token);
    });

    public void Dispose()
    {
        _wire?.Dispose();
        _socket.Dispose();
    }

    Answer Ask(StunMethod method, Write write)
    {
        var answer = Exchange(method, write);
        return answer.Error is ErrorCode.Unauthenticated or ErrorCode.StaleNonce && _key is not null && _isNewChallenge
            ? Exchange(method, write)
            : answer;
    }

    Answer Exchange(StunMethod method, Write write)
    {
        var id = TransactionId.Draw(_random);
        var request = new byte[1500];
        var writer = new StunWriter(request, StunClass.Request, method, id);
        write(ref writer);
        if (Origin is not null) writer.Add(AttributeType.Origin, Encoding.ASCII.GetBytes(Origin));
        if (_key is not null && method != StunMethod.Binding) Sign(ref writer, method);
        writer.AddFingerprint();
        // RFC 8489 §6.2.1 in short: sent again, because a flooded server may lose one.
        for (var start = Stopwatch.StartNew(); start.Elapsed < Patience;)
        {
            SendRaw(writer.Written);
            var wait = Stopwatch.StartNew();
            // Over a stream nothing is lost (RFC 8489 §6.2.2).
            var interval = _wire is { IsStream: true } ? Patience : Interval;
            while (wait.Elapsed < interval)
                if (ReceiveRaw(interval - wait.Elapsed) is { } bytes && Take(bytes, id, out var answer, out _isNewChallenge))
                    return answer;
        }

        throw new TimeoutException($"{method} was not answered.");
    }

    void Sign(ref StunWriter writer, StunMethod method)
    {
        writer.Add(AttributeType.Username, Encoding.UTF8.GetBytes(_token?.Kid ?? _user));
        writer.Add(AttributeType.Realm, _realm);
        writer.Add(AttributeType.Nonce, _nonce);
        if (_token is not null && method is StunMethod.Allocate or StunMethod.Refresh)
            writer.Add(AttributeType.AccessToken, _token!.AccessToken.Span);
        if (_token is null && _algorithm == PasswordAlgorithm.Sha256)
        {
            // RFC 8489 §9.2.4: whoever chooses returns the list that it chose from.
            writer.Add(AttributeType.PasswordAlgorithms, _algorithms);
            writer.AddPasswordAlgorithm((ushort)_algorithm);
        }

        var isLong = _token is null ? _algorithm == PasswordAlgorithm.Sha256 : _token.MacKey.Length == 32;
        writer.AddIntegrity(isLong ? Integrity.Sha256 : Integrity.Sha1, _key!);
    }

    /// <summary>Keeps data for later; true when the bytes are the answer to <paramref name="id"/>.</summary>
    bool Take(byte[] bytes, TransactionId id, out Answer answer, out bool isNewChallenge)
    {
        (answer, isNewChallenge) = (default, false);
        if (ChannelData.TryParse(bytes, out var data))
        {
            _data.Enqueue(data.Payload.ToArray());
            return false;
        }

        Assert.True(StunMessage.TryParse(bytes, out var message, out var error), error.ToString());
        if (message.Class == StunClass.Indication && message.ReadData(out var payload) == Reading.Present)
            _data.Enqueue(message.Bytes[payload].ToArray());
        if (message.Class == StunClass.Indication && message.ReadIcmp(out var icmp) == Reading.Present
            && message.ReadXorPeerAddress(out var unreached) == Reading.Present)
            _icmp.Enqueue((unreached, icmp));
        if (message is { Class: StunClass.Indication, Method: StunMethod.ConnectionAttempt }
            && message.ReadConnectionId(out var attempt) == Reading.Present
            && message.ReadXorPeerAddress(out var knocking) == Reading.Present)
            _attempts.Enqueue((attempt, knocking));
        if (message.TransactionId != id || message.Class == StunClass.Indication) return false;
        if (message.ReadErrorCode(out var code, out _) == Reading.Present)
        {
            isNewChallenge = TakeChallenge(message, code);
            answer = new(code, default, default, 0);
            return true;
        }

        if (message.Method != StunMethod.Binding) Assert.True(message.Verify(_key!), "the answer's integrity is wrong");
        message.ReadXorRelayedAddress(out var relayed);
        message.ReadXorMappedAddress(out var mapped);
        message.ReadLifetime(out var lifetime);
        var ticket = message.TryGet(AttributeType.MobilityTicket, out var mobility) ? mobility.Value.ToArray() : null;
        answer = new(null, relayed, mapped, lifetime) { Ticket = ticket };
        if (message.ReadConnectionId(out var connection) == Reading.Present) answer = answer with { Connection = connection };
        if (message.ReadAddressErrorCode(out var family, out var why) == Reading.Present) answer = answer with { Missing = (family, why) };
        if (message.ReadReservationToken(out var token) == Reading.Present) answer = answer with { Token = token };
        foreach (var attribute in message)
            if (attribute.Type == AttributeType.XorRelayedAddress && attribute.TryReadXorAddress(message.TransactionId, out var other)
                && other != relayed)
                answer = answer with { Second = other };
        return true;
    }

    /// <summary>True when there is something new to try with.</summary>
    bool TakeChallenge(in StunMessage message, ErrorCode code)
    {
        if (code is not (ErrorCode.Unauthenticated or ErrorCode.StaleNonce)) return false;
        var first = _key is null;
        Assert.Equal(Reading.Present, message.ReadNonce(out var nonce));
        Assert.Equal(Reading.Present, message.ReadRealm(out var realm));
        Assert.Equal(IsForeign ? Reading.Absent : Reading.Present, message.ReadPasswordAlgorithms(out var algorithms));
        (_realm, _nonce, _algorithms) = (realm.ToArray(), nonce.ToArray(), algorithms.Value.ToArray());
        _key = new(_token is not null
            ? _token.MacKey.Span
            : LongTermKey.Derive(_algorithm, Encoding.UTF8.GetBytes(_user), realm, Encoding.UTF8.GetBytes(_password)).Span);
        return first || code == ErrorCode.StaleNonce;
    }

    byte[]? ReceiveRaw(TimeSpan patience)
    {
        if (_wire is not null) return _wire.Receive(patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        if (!_socket.Poll(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, SelectMode.SelectRead)) return null;
        return _buffer.AsSpan(0, _socket.Receive(_buffer)).ToArray();
    }
}
