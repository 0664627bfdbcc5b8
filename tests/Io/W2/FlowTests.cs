using System.Net.WebSockets;

namespace Portunus.Tests.Io.W2;

public sealed class FlowTests
{
    [Fact]
    public async Task A_flow_that_fails_in_a_way_nobody_foresaw_is_forgotten_all_the_same()
    {
        await using var server = await W2Server.StartAsync();
        using var socket = new BrokenSocket();
        var flow = server.Edge.Open(id => new(id, socket, server.Edge, new() { Origins = new HashSet<string>() }));
        await Assert.ThrowsAsync<NotSupportedException>(flow!.RunAsync);
        Assert.Equal(0, server.Edge.Flows);
    }

    /// <summary>Throws what no WebSocket is documented to throw.</summary>
    sealed class BrokenSocket : WebSocket
    {
        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => "sip";

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }

        public override Task CloseAsync(WebSocketCloseStatus status, string? reason, CancellationToken stop) => Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus status, string? reason, CancellationToken stop) =>
            Task.CompletedTask;

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken stop) =>
            throw new NotSupportedException();

        public override Task SendAsync(
            ArraySegment<byte> buffer, WebSocketMessageType kind, bool endOfMessage, CancellationToken stop) => Task.CompletedTask;
    }
}
