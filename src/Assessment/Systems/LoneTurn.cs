using System.Diagnostics;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Turn;
using Portunus.Wic;

namespace Portunus.Assessment.Systems;

/// <summary>
/// A TURN server's machine and clients of the native WIC on one thread, without a socket: whether a credential is accepted, and what
/// that costs the server.
/// </summary>
sealed class LoneTurn
{
    static readonly TransportAddress Listener = TransportAddress.IPv4(0xC0000201, 3478);

    readonly SeededRandom _random = new(1);
    readonly byte[] _head = new byte[TurnServer.HeadSize];
    readonly TurnServer _server;
    int _clients;
    long _ticks;

    /// <param name="verifier">What the server knows its clients by.</param>
    /// <param name="realm">The server's.</param>
    public LoneTurn(ICredentialVerifier verifier, string realm)
    {
        var settings = new TurnSettings
        {
            Realm = realm, Relays = [new(TransportAddress.IPv4(0xCB007101, 0))], RelayPorts = new(1024, 65535),
            UserQuota = 100_000, StaticUserQuota = 100_000,
            // All users come at one moment, and from few addresses.
            QuestionsPerSecond = 10_000_000,
            Unauthenticated = new()
            {
                AnswersPerSecond = 100_000_000, Burst = 100_000_000, BytesPerSecond = int.MaxValue, BytesAtOnce = int.MaxValue,
            },
        };
        _server = new(new(0), settings, new(settings), verifier, NonceKeys.Draw(_random), _random);
    }

    /// <summary>What edges answer to a username; null when none is there.</summary>
    public Func<string, TurnAnswer>? Edges { get; init; }

    /// <summary>Questions to edges.</summary>
    public int Asked { get; private set; }

    /// <summary>What a client does at the least: Allocate, 401, Allocate again, Refresh to zero.</summary>
    /// <param name="now">The server's time.</param>
    /// <param name="proof">The client's credential.</param>
    /// <param name="spent">The time in the server's machine.</param>
    /// <returns>Whether it was given a relay.</returns>
    public bool TryAllocate(Instant now, TurnClientSettings proof, out TimeSpan spent)
    {
        _ticks = 0;
        var number = _clients++;
        var source = TransportAddress.IPv4(0x0B000000u + (uint)(number >> 14 & 0xFFFF), (ushort)(1024 + (number & 0x3FFF)));
        var path = new ClientPath(new(source, Listener, ClientTransport.Udp), 0);
        var client = new TurnClient(proof, _random);
        client.Allocate(now);
        var isServed = false;
        while (client.TryTake(out var effect))
        {
            if (effect is TurnClientEffect.ToServer(var datagram)) Answer(now, client, path, datagram.Span);
            if (effect is not TurnClientEffect.Allocated) continue;
            isServed = true;
            client.Release(now);
        }

        spent = Stopwatch.GetElapsedTime(0, _ticks);
        return isServed;
    }

    /// <summary>As a client of the native WIC has a credential of the eP-CSCF.</summary>
    public static TurnClientSettings ProofOf(TurnCredential credential) => credential switch
    {
        PasswordCredential password => new() { Username = password.Username, Password = password.Credential },
        OAuthCredential token => new() { Token = token.Token },
        _ => throw new ArgumentException($"No client proves itself by {credential}.", nameof(credential)),
    };

    void Answer(Instant now, TurnClient client, in ClientPath path, ReadOnlySpan<byte> datagram)
    {
        var began = Stopwatch.GetTimestamp();
        var forward = _server.OnClient(now, path, datagram, _head);
        _ticks += Stopwatch.GetTimestamp() - began;
        while (true)
        {
            if (forward.Kind == ForwardKind.ToClient) client.OnServer(now, _head.AsSpan(0, forward.Head));
            if (Ask() is not { } ask) return;
            var answer = AnswerTo(ask.Question);
            began = Stopwatch.GetTimestamp();
            forward = _server.OnAnswer(now, ask.Id, answer, _head);
            _ticks += Stopwatch.GetTimestamp() - began;
        }
    }

    /// <summary>A run that asks does nothing else.</summary>
    TurnEffect.Ask? Ask()
    {
        while (_server.TryTake(out var effect))
            if (effect is TurnEffect.Ask ask) return ask;
        return null;
    }

    TurnAnswer AnswerTo(TurnQuestion question)
    {
        if (question is TurnQuestion.OpenRelay open) return new TurnAnswer.RelayOpened(open.Relay);
        Asked++;
        return Edges?.Invoke(((TurnQuestion.FindCredential)question).Username) ?? new TurnAnswer.CredentialUnavailable();
    }
}
