using Portunus.Nodes.Mw;
using Portunus.Sip;

namespace Portunus.Tests.Io.Mw;

/// <summary>What both ends of Mw may rely on, whatever carries it.</summary>
public abstract class MwContract : IDisposable
{
    readonly MwEnd _edge;
    readonly MwEnd _core;

    protected MwContract()
    {
        var (edge, core) = Create();
        (_edge, _core) = (new(edge), new(core));
    }

    /// <summary>As a Via and a URI name the edge.</summary>
    protected abstract string EdgeHost { get; }

    protected abstract string Transport { get; }

    /// <summary>Both ends, connected with each other and not started.</summary>
    protected abstract (IMw Edge, IMw Core) Create();

    public void Dispose()
    {
        _edge.Dispose();
        _core.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1200)]
    [InlineData(60_000)]
    public void A_request_reaches_the_core_and_its_response_comes_back(int body)
    {
        _edge.Send(Request("MESSAGE", "one", body));
        var request = _core.Receive();
        Assert.Equal("one", request.CallId);
        Assert.Equal(body, request.Body.Length);
        _core.Send(SipMessage.Response(request, 200, toTag: "core"));
        var response = _edge.Receive();
        Assert.Equal((200, "one"), (response.Status, response.CallId));
        Assert.Equal("core", response.To!.Tag);
    }

    [Fact]
    public void A_request_of_the_core_goes_to_the_edge_by_its_Route()
    {
        var request = Request("INVITE", "two", 0);
        request.RequestUri = SipUri.Parse("sip:bob@nowhere.invalid");
        request.Add(HeaderName.Route, $"<sip:token@{EdgeHost};lr>");
        _core.Send(request);
        Assert.Equal("two", _edge.Receive().CallId);
    }

    [Fact]
    public void Many_at_once_all_arrive()
    {
        var wanted = Enumerable.Range(0, 300).Select(i => $"call {i}".Replace(' ', '-')).ToArray();
        Parallel.ForEach(wanted, id => _edge.Send(Request("OPTIONS", id, 100)));
        var seen = wanted.Select(_ => _core.Receive().CallId!).ToArray();
        Assert.Equal(wanted.Order(), seen.Order());
    }

    protected SipMessage Request(string method, string callId, int body)
    {
        var text = $"""
            {method} sip:ims.example SIP/2.0
            Via: SIP/2.0/{Transport} {EdgeHost};branch=z9hG4bK{Guid.NewGuid():N}
            Max-Forwards: 69
            From: <sip:alice@ims.example>;tag=a
            To: <sip:bob@ims.example>
            Call-ID: {callId}
            CSeq: 1 {method}
            Content-Length: {body}


            """.ReplaceLineEndings("\r\n") + new string('b', body);
        Assert.True(SipMessage.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var message, out var error), error.ToString());
        return message;
    }
}
