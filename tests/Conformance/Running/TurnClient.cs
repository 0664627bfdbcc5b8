using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Transports;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Running;

/// <summary>A client of single steps on one five-tuple.</summary>
/// <remarks>It does what RFC 8489 and 8656 ask of a client unless a check wants otherwise.
/// Closing it deletes its allocation, so that a target of any size can be looked at.</remarks>
sealed partial class TurnClient(IPipe pipe, User user, TimeSpan patience) : IDisposable
{
    readonly Queue<byte[]> _others = new();
    readonly HashSet<string> _asked = [];

    public IPipe Pipe => pipe;

    public User User => user;

    /// <summary>Where its allocation relays, the first of two.</summary>
    public IPEndPoint Relayed { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Whether it has an allocation to give back.</summary>
    bool HasAllocation { get; set; }

    /// <summary>Sends a request, again while no answer comes where datagrams may be lost (RFC 8489 §6.2.1).</summary>
    /// <returns>Its response, or null if none came.</returns>
    public Incoming? Ask(Outgoing request)
    {
        var bytes = request.ToArray();
        _asked.Add(Convert.ToHexString(request.TransactionId));
        var clock = Stopwatch.StartNew();
        if (pipe.IsStream)
        {
            pipe.Send(bytes);
            return AwaitResponse(request.TransactionId, clock, patience);
        }

        for (var wait = TimeSpan.FromSeconds(0.7); clock.Elapsed < patience; wait *= 2)
        {
            pipe.Send(bytes);
            var until = clock.Elapsed + wait < patience ? clock.Elapsed + wait : patience;
            if (AwaitResponse(request.TransactionId, clock, until) is { } response) return response;
        }

        return null;
    }

    /// <summary>The response to a request, which must come.</summary>
    /// <exception cref="CheckFailedException">None came.</exception>
    public Incoming MustAnswer(Outgoing request) =>
        Ask(request) ?? throw new CheckFailedException("there was no response");

    public void Send(Outgoing message) => pipe.Send(message.ToArray());

    public void Send(ReadOnlySpan<byte> bytes) => pipe.Send(bytes);

    /// <summary>The next message that is no response to what was asked.</summary>
    /// <exception cref="CheckFailedException">None came.</exception>
    public byte[] Receive()
    {
        if (_others.TryDequeue(out var kept)) return kept;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < patience)
        {
            if (pipe.Receive(Left(clock, patience)) is not { } bytes) break;
            if (!IsResponseToMe(bytes)) return bytes;
        }

        throw new CheckFailedException("nothing came to the client");
    }

    /// <summary>What came meanwhile, or null.</summary>
    public byte[]? TryReceive() => _others.TryDequeue(out var kept) ? kept : null;

    /// <summary>Nothing came but what was asked for: a Binding transaction is behind what was sent, and it alone is answered.</summary>
    /// <exception cref="CheckFailedException">Something came, or the server does not answer any more.</exception>
    public void MustHearNothing()
    {
        // Twice: what another thread of the server does meanwhile has time to come, too.
        for (var i = 0; i < 2; i++)
            Trial.Require(Ask(new(Method.Binding)) is { IsSuccess: true }, "the server does not answer a Binding request afterwards");
        while (pipe.Receive(TimeSpan.FromMilliseconds(20)) is { } late)
            if (!IsResponseToMe(late)) _others.Enqueue(late);
        if (_others.TryDequeue(out var heard))
            throw new CheckFailedException($"the client heard {(object?)Incoming.Read(heard) ?? $"{heard.Length} bytes"}");
    }

    public void Dispose()
    {
        if (HasAllocation)
        {
            try
            {
                AskSigned(() => RefreshRequest(0));
            }
            catch (Exception gone) when (gone is CheckFailedException or SocketException or IOException)
            {
                // It ends by itself.
            }
        }

        pipe.Dispose();
    }

    Incoming? AwaitResponse(byte[] transactionId, Stopwatch clock, TimeSpan until)
    {
        while (clock.Elapsed < until)
        {
            if (pipe.Receive(Left(clock, until)) is not { } bytes)
            {
                if (pipe.IsStream) return null; // Too late, or the server has ended it.
                continue;
            }

            if (Incoming.Read(bytes) is { } message && message.ClassBits is Class.Success or Class.Error
                && message.TransactionId.SequenceEqual(transactionId))
            {
                // Whether the check expected it or not.
                HasAllocation |= message.IsSuccess && message.MethodNumber == Method.Allocate;
                return message;
            }

            if (!IsResponseToMe(bytes)) _others.Enqueue(bytes);
        }

        return null;
    }

    static TimeSpan Left(Stopwatch clock, TimeSpan until) =>
        until - clock.Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    bool IsResponseToMe(byte[] bytes) =>
        Incoming.Read(bytes) is { } message && message.ClassBits is Class.Success or Class.Error
        && _asked.Contains(Convert.ToHexString(message.TransactionId));
}
