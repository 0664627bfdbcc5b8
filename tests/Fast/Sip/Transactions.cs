using System.Globalization;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

/// <summary>A transaction layer in virtual time, whose effects are told as lines: "at 500: send INVITE".</summary>
sealed class Transactions(TransactionSettings? options = null)
{
    const string Neighbour = "n";

    static readonly Instant Start = Instant.FromUnixSeconds(1_700_000_000);

    readonly List<string> _told = [];
    Instant _now = Start;

    public TransactionLayer<string> Layer { get; } = new(options);

    public TransactionId Id { get; private set; }

    public TransactionId? Cancels { get; private set; }

    /// <summary>The newest message that went out.</summary>
    public SipMessage? Sent { get; private set; }

    public static SipMessage Request(string method, string transport = "UDP", string branch = "z9hG4bK1", string tag = "")
    {
        var message = Wire.Message($"""
            {method} sip:bob@biloxi.example SIP/2.0
            Via: SIP/2.0/{transport} pc33.atlanta.example;branch={branch}
            Max-Forwards: 70
            From: <sip:alice@atlanta.example>;tag=1928301774
            To: <sip:bob@biloxi.example>{tag}
            Call-ID: a84b4c76e66710
            CSeq: 314159 {method}
            Route: <sip:proxy.example;lr>


            """);
        return message;
    }

    public Transactions Send(SipMessage request)
    {
        Assert.True(Layer.TrySend(_now, Neighbour, request, out var id));
        Id = id;
        return Drain();
    }

    public Transactions Receive(SipMessage message, string path = Neighbour)
    {
        Layer.OnMessage(_now, path, message);
        return Drain();
    }

    /// <summary>The answer of the far side to what was sent.</summary>
    public Transactions Answer(SipMessage request, int status) => Receive(SipMessage.Response(request, status, toTag: "far"));

    public Transactions Respond(SipMessage request, int status, bool allowed = true)
    {
        Assert.Equal(allowed, Layer.Respond(_now, Id, SipMessage.Response(request, status, toTag: "me")));
        return Drain();
    }

    public Transactions Cancel(string? reason = null)
    {
        Layer.Cancel(_now, Id, reason);
        return Drain();
    }

    public Transactions Close(string path = Neighbour)
    {
        Layer.OnPathClosed(_now, path);
        return Drain();
    }

    /// <summary>Lets time pass to this many milliseconds after the start, timer by timer.</summary>
    public Transactions At(int milliseconds)
    {
        var until = Start + TimeSpan.FromMilliseconds(milliseconds);
        while (Layer.NextDeadline is { } next && next <= until)
        {
            _now = next;
            Layer.OnDeadline(_now);
            Drain();
        }

        _now = until;
        return this;
    }

    /// <summary>What happened since it was asked last.</summary>
    public Transactions Tells(params string[] lines)
    {
        Assert.Equal(lines, _told);
        _told.Clear();
        return this;
    }

    public void HoldsNothing()
    {
        Assert.Equal(0, Layer.Count);
        Assert.Null(Layer.NextDeadline);
        Assert.Equal(0, Layer.CountOf(Neighbour));
    }

    Transactions Drain()
    {
        while (Layer.TryTake(out var effect))
            _told.Add(string.Create(CultureInfo.InvariantCulture, $"{(_now - Start).TotalMilliseconds}: {Tell(effect)}"));
        return this;
    }

    string Tell(TransactionEffect<string> effect)
    {
        switch (effect)
        {
            case TransactionEffect<string>.ToTransport e:
                Sent = e.Message;
                return $"send {Name(e.Message)}";
            case TransactionEffect<string>.Request e:
                (Id, Cancels) = (e.Id, e.Cancels);
                // The user may edit what it was given.
                e.Message.Insert(HeaderName.Via, "SIP/2.0/TCP edited.example;branch=z9hG4bKedited");
                return $"request {e.Message.Method}";
            case TransactionEffect<string>.Ack:
                return "ack";
            case TransactionEffect<string>.Response e:
                return $"response {e.Message.Status}";
            case TransactionEffect<string>.Overdue:
                return "overdue";
            case TransactionEffect<string>.Failed e:
                return $"failed {e.Why}";
            default:
                return "ended";
        }
    }

    static string Name(SipMessage message) =>
        message.IsRequest ? message.Method : message.Status.ToString(CultureInfo.InvariantCulture);
}
