using System.Text;
using Portunus.Assessment.Cells;
using Portunus.Assessment.Links;

namespace Portunus.Tests.Io.Assessment;

/// <summary>When the eP-CSCF's watch of a registration is part of what that cost.</summary>
public sealed class RegEventsTests : IAsyncLifetime
{
    readonly DatagramLink _mw;
    readonly DatagramLink _back;
    readonly RegEvents _events;

    public RegEventsTests()
    {
        var model = new LinkModel(1, new(0, 0));
        (_mw, _back) = (new("Mw", "edge", "core", "SIP/UDP", model), new("Mw back", "core", "edge", "SIP/UDP", model));
        _events = new(_mw, _back);
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _mw.DisposeAsync();
        await _back.DisposeAsync();
    }

    [Fact]
    public async Task A_registration_is_at_rest_when_the_core_told_it_and_both_requests_were_answered_in_whatever_order()
    {
        var watched = _events.AtRestAsync(1, Stop);
        Request(_mw, "SUBSCRIBE", "a", 1);
        Request(_back, "NOTIFY", "a", 7, "active;expires=600");
        Request(_back, "NOTIFY", "a", 7, "active;expires=600");
        Response(_mw, 200, "NOTIFY", "a", 7);
        Assert.False(watched.IsCompleted);
        Response(_back, 200, "SUBSCRIBE", "a", 1);
        await watched.WaitAsync(Stop);
        // What is sent twice is no news.
        Request(_back, "NOTIFY", "a", 7, "active;expires=600");
        await _events.AtRestAsync(1, Stop).WaitAsync(Stop);
    }

    [Fact]
    public async Task One_that_ends_is_at_rest_once_its_last_word_was_answered()
    {
        Watch("callee");
        Watch("caller");
        await _events.AtRestAsync(2, Stop).WaitAsync(Stop);
        Request(_back, "NOTIFY", "caller", 8, "terminated;reason=noresource");
        var rest = _events.AtRestAsync(_events.Told, Stop);
        Assert.False(rest.IsCompleted);
        Response(_mw, 200, "NOTIFY", "caller", 8);
        await rest.WaitAsync(Stop);
        Assert.Equal(2, _events.Told);
    }

    [Fact]
    public async Task What_began_before_and_other_requests_are_left_alone()
    {
        Request(_back, "NOTIFY", "before", 3, "active");
        Request(_mw, "REGISTER", "a", 1);
        await _events.AtRestAsync(0, Stop).WaitAsync(Stop);
        Request(_mw, "SUBSCRIBE", "b", 1);
        Response(_back, 489, "SUBSCRIBE", "b", 1);
        await _events.AtRestAsync(0, Stop).WaitAsync(Stop);
    }

    void Watch(string call)
    {
        Request(_mw, "SUBSCRIBE", call, 1);
        Response(_back, 200, "SUBSCRIBE", call, 1);
        Request(_back, "NOTIFY", call, 7, "active;expires=600");
        Response(_mw, 200, "NOTIFY", call, 7);
    }

    static void Request(DatagramLink link, string method, string call, int cseq, string? state = null) =>
        Pass(link, $"{method} sip:wic0@ims.example.net SIP/2.0", method, call, cseq, state);

    static void Response(DatagramLink link, int status, string method, string call, int cseq) =>
        Pass(link, $"SIP/2.0 {status} Said", method, call, cseq, null);

    static void Pass(DatagramLink link, string first, string method, string call, int cseq, string? state)
    {
        string[] lines =
        [
            first, "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1", "From: <sip:a@example.net>;tag=1", "To: <sip:b@example.net>",
            $"Call-ID: {call}", $"CSeq: {cseq} {method}", "Max-Forwards: 70",
            .. state is null ? [] : (string[])[$"Subscription-State: {state}"],
            "Content-Length: 0", "", "",
        ];
        link.OnDatagram!(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)), true);
    }
}
