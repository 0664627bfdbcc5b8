using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Stun;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>
/// A TURN client that does what an experiment says, one datagram at a time: it can show what is no credential, send the same bytes
/// twice or from elsewhere, and take another's nonce. For one caller at a time.
/// </summary>
sealed class TurnProbe : IDisposable
{
    const byte Udp = 17;

    /// <summary>Loopback answers at once; a loaded machine and an emulated link may not.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly SystemRandom _random = new();
    readonly byte[] _buffer = new byte[65535];
    byte[] _realm = [];
    byte[] _nonce = [];
    IntegrityKey? _key;

    /// <param name="server">Where to send.</param>
    /// <param name="shown">The credential, good or not.</param>
    /// <param name="from">The address to send from; null for any.</param>
    /// <exception cref="SocketException">This machine has no such address.</exception>
    public TurnProbe(IPEndPoint server, TurnClientSettings shown, IPAddress? from = null)
    {
        Shown = shown;
        if (from is not null) _socket.Bind(new IPEndPoint(from, 0));
        _socket.Connect(server);
    }

    delegate void Fill(ref StunWriter writer);

    /// <summary>What goes with requests; may change between them.</summary>
    public TurnClientSettings Shown { get; set; }

    /// <summary>Whether a 438 is answered by the same request with the new nonce, as a client does.</summary>
    public bool FollowsNonces { get; init; } = true;

    /// <summary>Asks without a credential, so that the server says its realm and a nonce.</summary>
    public Task<TurnSaid> ChallengeAsync(CancellationToken stop) => SendAsync(Write(StunMethod.Allocate, Transport, isSigned: false), stop);

    /// <summary>An Allocate that shows the credential, as it goes over the wire; after <see cref="ChallengeAsync"/>.</summary>
    public byte[] Allocation() => Write(StunMethod.Allocate, Transport, isSigned: true);

    /// <summary>Takes the nonce that another client was given.</summary>
    public void TakeNonce(TurnProbe other) => (_nonce, _realm) = (other._nonce, other._realm);

    /// <summary>As a client allocates: the challenge, then the request.</summary>
    public async Task<TurnSaid> AllocateAsync(CancellationToken stop)
    {
        var challenged = await ChallengeAsync(stop);
        return challenged.Is(ErrorCode.Unauthenticated) ? await AskAsync(StunMethod.Allocate, Transport, stop) : challenged;
    }

    /// <param name="seconds">Of life; 0 gives the allocation back.</param>
    /// <param name="stop">Ends the wait.</param>
    public Task<TurnSaid> RefreshAsync(uint seconds, CancellationToken stop) =>
        AskAsync(StunMethod.Refresh, (ref writer) => writer.AddLifetime(seconds), stop);

    public Task<TurnSaid> PermitAsync(TransportAddress peer, CancellationToken stop) => AskAsync(
        StunMethod.CreatePermission, (ref writer) => writer.AddXorAddress(AttributeType.XorPeerAddress, peer), stop);

    /// <summary>A Send indication.</summary>
    public void SendTo(TransportAddress peer, ReadOnlySpan<byte> data)
    {
        var message = new byte[1500];
        var writer = new StunWriter(message, StunClass.Indication, StunMethod.Send, TransactionId.Draw(_random));
        writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
        writer.Add(AttributeType.Data, data);
        TrySend(writer.Written);
    }

    /// <summary>Sends bytes, again and again while nothing comes, and waits for the answer to their transaction.</summary>
    public async Task<TurnSaid> SendAsync(byte[] request, CancellationToken stop)
    {
        if (!StunMessage.TryParse(request, out var asked, out _)) throw new ArgumentException("No STUN.", nameof(request));
        var id = asked.TransactionId;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience;)
        {
            TrySend(request);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
            wait.CancelAfter(Interval);
            try
            {
                while (true)
                    if (Read(_buffer.AsSpan(0, await _socket.ReceiveAsync(_buffer, wait.Token)), id) is { } said) return said;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Sent again.
            }
            catch (SocketException)
            {
                // Nobody is there (ICMP); somebody may be in a while.
                await Task.Delay(Interval, stop);
            }
        }

        return TurnSaid.Nothing;
    }

    public void Dispose() => _socket.Dispose();

    async Task<TurnSaid> AskAsync(StunMethod method, Fill fill, CancellationToken stop)
    {
        var said = await SendAsync(Write(method, fill, isSigned: true), stop);
        return said.Is(ErrorCode.StaleNonce) && FollowsNonces
            ? await SendAsync(Write(method, fill, isSigned: true), stop)
            : said;
    }

    static void Transport(ref StunWriter writer) => writer.AddRequestedTransport(Udp);

    byte[] Write(StunMethod method, Fill fill, bool isSigned)
    {
        var request = new byte[1500];
        var writer = new StunWriter(request, StunClass.Request, method, TransactionId.Draw(_random));
        fill(ref writer);
        if (isSigned) Sign(ref writer, method);
        writer.AddFingerprint();
        return writer.Written.ToArray();
    }

    void Sign(ref StunWriter writer, StunMethod method)
    {
        writer.Add(AttributeType.Username, Encoding.UTF8.GetBytes(Shown.Token?.Kid ?? Shown.Username));
        writer.Add(AttributeType.Realm, _realm);
        writer.Add(AttributeType.Nonce, _nonce);
        if (Shown.Token is { } token && method is StunMethod.Allocate or StunMethod.Refresh)
            writer.Add(AttributeType.AccessToken, Shown.Token!.AccessToken.Span);
        _key = KeyOf();
        writer.AddIntegrity(Shown.Token?.MacKey.Length == 32 ? Integrity.Sha256 : Integrity.Sha1, _key);
    }

    IntegrityKey KeyOf() => new(Shown.Token is { } token
        ? token.MacKey.Span
        : LongTermKey.Derive(
            PasswordAlgorithm.Md5, Encoding.UTF8.GetBytes(Shown.Username), _realm, Encoding.UTF8.GetBytes(Shown.Password)).Span);

    void TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _socket.Send(bytes);
        }
        catch (SocketException)
        {
            // What ICMP said of the datagram before; this one is lost, as one may be.
        }
    }

    /// <summary>Null for what is no answer to that request, or not the server's: a success that its key did not sign.</summary>
    TurnSaid? Read(ReadOnlySpan<byte> bytes, in TransactionId id)
    {
        if (!StunMessage.TryParse(bytes, out var message, out _) || message.TransactionId != id) return null;
        if (message.Class == StunClass.Error && message.ReadErrorCode(out var code, out _) == Reading.Present)
        {
            if (message.ReadNonce(out var nonce) == Reading.Present) _nonce = nonce.ToArray();
            if (message.ReadRealm(out var realm) == Reading.Present) _realm = realm.ToArray();
            return new(true, code, default);
        }

        if (message.Class != StunClass.Success || _key is null || !message.Verify(_key)) return null;
        message.ReadXorRelayedAddress(out var relayed);
        return new(true, null, relayed);
    }
}
