using System.Buffers.Binary;
using System.Text;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;

namespace Portunus.Tests.Io.Relay;

/// <summary>What connections may cost: those that say nothing, those that do not read, and those that say nonsense.</summary>
public sealed class StreamLimitTests
{
    // Cut short, so that a test need not wait.
    static readonly StreamLimits Impatient = new()
    {
        FirstMessage = TimeSpan.FromMilliseconds(300),
        Idle = TimeSpan.FromMilliseconds(300),
    };

    public StreamLimitTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    public static TheoryData<ClientTransport> Streams => [ClientTransport.Tcp, ClientTransport.Tls];

    [Theory, MemberData(nameof(Streams))]
    public async Task Who_says_nothing_is_closed(ClientTransport transport)
    {
        using var stand = new StreamStand(Impatient);
        var silent = stand.Connect(transport);
        await Eventually.TrueAsync(() => silent.HasEnded);
        Assert.Equal(1, stand.Loop.StreamsTimedOut);
    }

    [Fact]
    public async Task Half_a_message_a_second_is_as_good_as_none()
    {
        using var stand = new StreamStand(Impatient);
        var slow = stand.Connect(ClientTransport.Tcp);
        slow.Write([0, 1, 0, 0, 0x21]);
        await Eventually.TrueAsync(() => slow.HasEnded);
    }

    [Fact]
    public async Task Who_has_spoken_is_closed_when_idle_and_who_has_an_allocation_is_not()
    {
        using var stand = new StreamStand(Impatient);
        var (idle, busy) = (stand.Client(ClientTransport.Tcp), stand.Client(ClientTransport.Tcp));
        Assert.Null(busy.Allocate().Error);
        Assert.Null(idle.Bind().Error);
        await Eventually.TrueAsync(() => idle.IsClosed);
        var another = stand.Client(ClientTransport.Tcp);
        Assert.Null(another.Bind().Error);
        await Eventually.TrueAsync(() => another.IsClosed);
        Assert.Null(busy.Refresh(600).Error);
    }

    [Fact]
    public async Task An_address_has_so_many_that_are_silent_and_room_again_when_one_speaks()
    {
        using var stand = new StreamStand(new StreamLimits { MostSilentOfAddress = 3 });
        var silent = Enumerable.Range(0, 3).Select(_ => stand.Connect(ClientTransport.Tcp)).ToArray();
        await Eventually.TrueAsync(() => stand.Loop.StreamsAccepted == 3);
        var refused = stand.Connect(ClientTransport.Tcp);
        await Eventually.TrueAsync(() => refused.HasEnded);
        Assert.Equal(1, stand.Loop.StreamsRefused);
        silent[0].Write(Binding(1));
        Assert.NotNull(silent[0].Receive(TimeSpan.FromSeconds(30)));
        Assert.Null(stand.Client(ClientTransport.Tcp).Allocate().Error);
    }

    [Fact]
    public async Task In_all_there_are_so_many_and_who_goes_makes_room()
    {
        using var stand = new StreamStand(new StreamLimits { Most = 2 });
        var first = stand.Client(ClientTransport.Tcp);
        Assert.Null(first.Bind().Error);
        Assert.Null(stand.Client(ClientTransport.Tcp).Bind().Error);
        var refused = stand.Connect(ClientTransport.Tcp);
        await Eventually.TrueAsync(() => refused.HasEnded);
        first.Dispose();
        await Eventually.TrueAsync(() =>
        {
            var next = stand.Connect(ClientTransport.Tcp);
            next.Write(Binding(2));
            return next.Receive(TimeSpan.FromSeconds(1)) is not null;
        });
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    [InlineData("\u0000\u0001\u0000\u0003!!!!")]
    public async Task What_is_no_message_closes_the_connection(string nonsense)
    {
        using var stand = new StreamStand();
        var stranger = stand.Connect(ClientTransport.Tcp);
        stranger.Write(Encoding.Latin1.GetBytes(nonsense));
        await Eventually.TrueAsync(() => stranger.HasEnded);
        Assert.Null(stand.Client(ClientTransport.Tcp).Allocate().Error);
    }

    [Fact]
    public async Task What_is_no_tls_closes_the_connection()
    {
        using var stand = new StreamStand();
        using var stranger = new RawStream(stand.At(ClientTransport.Tls).ToIPEndPoint(), isSecure: false);
        stranger.Write(Binding(3));
        await Eventually.TrueAsync(() => stranger.HasEnded);
    }

    [Theory, MemberData(nameof(Streams))]
    public async Task Who_does_not_read_is_closed_when_answers_do_not_fit_any_more(ClientTransport transport)
    {
        using var stand = new StreamStand();
        var deaf = stand.Connect(transport, receiveBuffer: 4096, reads: false);
        var requests = Enumerable.Range(0, 500).SelectMany(n => Binding((uint)n)).ToArray();
        var writing = Task.Run(() =>
        {
            for (var round = 0; round < 200 && stand.Loop.StreamsOverrun == 0; round++) deaf.Write(requests);
        }, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => stand.Loop.StreamsOverrun == 1);
        // The write fails or ends; either way somebody else is served.
        await writing.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Null(stand.Client(transport).Allocate().Error);
    }

    [Theory, MemberData(nameof(Streams))]
    public async Task Without_an_allocation_who_does_not_read_has_a_small_part_of_what_others_have(ClientTransport transport)
    {
        const int Generous = 1 << 26;
        using var stand = new StreamStand(new StreamLimits { MostMedia = Generous, MostWaiting = Generous });
        var deaf = stand.Connect(transport, receiveBuffer: 4096, reads: false);
        // Ten times what the system takes for one that does not read.
        var requests = Enumerable.Range(0, 50_000).SelectMany(n => Binding((uint)n)).ToArray();
        var writing = Task.Run(() => deaf.Write(requests), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => stand.Loop.StreamsOverrun == 1);
        await writing.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Theory, MemberData(nameof(Streams))]
    public async Task Without_an_allocation_a_long_message_that_is_not_whole_closes_the_connection(ClientTransport transport)
    {
        using var stand = new StreamStand();
        var (stranger, client) = (stand.Connect(transport), stand.Client(transport));
        Assert.Null(client.Allocate().Error);
        stranger.Write(Binding(1));
        Assert.NotNull(stranger.Receive(TimeSpan.FromSeconds(30)));
        stranger.Write([0x40, 0, 0xF0, 0, .. new byte[20_000]]);
        await Eventually.TrueAsync(() => stranger.HasEnded);
        Assert.Equal(1, stand.Loop.StreamsOverrun);
        Assert.Null(client.Refresh(600).Error);
    }

    [Fact]
    public void What_is_asked_for_in_one_piece_is_all_answered_where_the_client_reads()
    {
        using var stand = new StreamStand();
        var stream = stand.Connect(ClientTransport.Tcp);
        stream.Write([.. Enumerable.Range(0, 2000).SelectMany(n => Binding((uint)n))]);
        for (var answer = 0; answer < 2000; answer++) Assert.NotNull(stream.Receive(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Who_does_not_read_loses_what_peers_say_and_hears_again_when_he_reads()
    {
        using var stand = new StreamStand();
        var (deaf, speaker) = (stand.Client(ClientTransport.Tcp), stand.Client(ClientTransport.Udp));
        var (mine, its) = (deaf.Allocate().Relayed, speaker.Allocate().Relayed);
        Assert.Null(deaf.Permit(its).Error);
        Assert.Null(speaker.BindChannel(0x4000, mine).Error);
        deaf.Listen(false);
        for (var round = 0; round < 500 && stand.Loop.MediaLost == 0; round++)
        {
            for (var i = 0; i < 50; i++) speaker.SendOnChannel(0x4000, new byte[1200]);
            Assert.Null(speaker.Bind().Error); // So that nothing is lost elsewhere.
        }

        Assert.NotEqual(0, stand.Loop.MediaLost);
        Assert.Equal(0, stand.Loop.StreamsOverrun);
        deaf.Listen(true);
        await Eventually.TrueAsync(() =>
        {
            speaker.SendOnChannel(0x4000, "at last"u8);
            return deaf.TakeHeard().Any(payload => payload.AsSpan().SequenceEqual("at last"u8));
        });
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_an_address_has_is_counted_over_all_workers_and_comes_back_to_nothing(ClientTransport transport)
    {
        const int Most = 5;
        using var stand = new StreamStand(new StreamLimits { MostOfAddress = Most }, workers: 3);
        var clients = Enumerable.Range(0, Most).Select(_ => stand.Client(transport)).ToArray();
        Assert.All(clients, client => Assert.Null(client.Bind().Error));
        Assert.Equal(Most, stand.Node.Connections);
        // 12 more over 3 workers: that they all meet one of these is as likely as 1 in 177,147.
        var more = Enumerable.Range(0, 12).Select(_ => stand.Connect(ClientTransport.Tcp)).ToArray();
        await Eventually.TrueAsync(() => more.All(stream => stream.HasEnded));
        Assert.Equal(12, stand.Node.Loops.Sum(loop => loop.StreamsRefused));
        foreach (var client in clients) client.Dispose();
        if (transport != ClientTransport.Dtls) await Eventually.TrueAsync(() => stand.Node.Connections == 0);
    }

    public static TheoryData<ClientTransport> Kinds => [ClientTransport.Tcp, ClientTransport.Tls, ClientTransport.Dtls];

    static byte[] Binding(uint number)
    {
        byte[] request = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]];
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(8), number);
        return request;
    }
}
