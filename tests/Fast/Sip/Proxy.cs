using System.Globalization;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

/// <summary>A proxy in virtual time that forwards what "caller" sends to its targets; effects are told as lines.</summary>
sealed class Proxy(params string[] targets)
{
    static readonly Instant Start = Instant.FromUnixSeconds(1_700_000_000);

    readonly ProxyCore<string, string> _core = new(new() { TimerC = TimeSpan.FromSeconds(181) });
    readonly Dictionary<string, SipMessage> _sent = [];
    readonly List<string> _told = [];
    Instant _now = Start;

    /// <summary>The newest response that went back to the caller.</summary>
    public SipMessage? Back { get; private set; }

    public static SipMessage Request(string method) => Transactions.Request(method, "WSS");

    public Proxy FromCaller(SipMessage request)
    {
        _core.OnMessage(_now, "caller", request);
        return Drain();
    }

    /// <summary>A target answers what it was sent last under that method.</summary>
    public Proxy From(string target, int status, string method = SipMethod.Invite)
    {
        _core.OnMessage(_now, target, SipMessage.Response(_sent[$"{target} {method}"], status, toTag: target));
        return Drain();
    }

    public Proxy Close(string path)
    {
        _core.OnPathClosed(_now, path);
        return Drain();
    }

    public Proxy At(int seconds)
    {
        var until = Start + TimeSpan.FromSeconds(seconds);
        while (_core.NextDeadline is { } next && next <= until)
        {
            _core.OnDeadline(_now = next);
            Drain();
        }

        _now = until;
        return this;
    }

    public Proxy Tells(params string[] lines)
    {
        Assert.Equal(lines, _told);
        _told.Clear();
        return this;
    }

    public void HoldsNothing() => Assert.Equal((0, null), (targets.Append("caller").Sum(_core.CountOf), _core.NextDeadline));

    Proxy Drain()
    {
        while (_core.TryTake(_now, out var effect))
        {
            switch (effect)
            {
                case ProxyEffect<string, string>.Request e:
                    foreach (var target in targets) Forward(e.Context, target, e.Message.Copy());
                    break;
                case ProxyEffect<string, string>.Response e:
                    Assert.False(e.Message.Vias.Count != 1, "only the caller's Via is left");
                    _core.Pass(_now, e.Branch, e.Message);
                    break;
                case ProxyEffect<string, string>.ToTransport e:
                    Tell(e.Path, e.Message);
                    break;
                case ProxyEffect<string, string>.Ack:
                    _told.Add("ack");
                    break;
            }
        }

        return this;
    }

    void Forward(ResponseContext<string, string> context, string target, SipMessage request)
    {
        Assert.True(ProxyCore<string, string>.TryHop(request));
        request.Insert(HeaderName.Via, new Via("WSS", "proxy.example", $"z9hG4bK{target}{_sent.Count}"));
        Assert.True(_core.TryForward(_now, context, target, request, target));
    }

    void Tell(string path, SipMessage message)
    {
        if (message.IsRequest) _sent[$"{path} {message.Method}"] = message;
        else Back = message;
        _told.Add($"{path} {(message.IsRequest ? message.Method : message.Status.ToString(CultureInfo.InvariantCulture))}");
    }
}
