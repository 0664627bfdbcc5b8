using CsCheck;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

public sealed class DtlsListenerTests : IDisposable
{
    static readonly TransportAddress Client = DtlsPair.Address;
    static readonly Instant Start = ServedStream.Start;

    readonly TlsContext _client = TlsContext.Client(isDatagrams: true);
    readonly DtlsListener _listener = new(new SystemRandom());
    readonly DtlsSession _session;
    readonly byte[] _hello;
    byte[]? _second;
    readonly byte[] _answer = new byte[DtlsListener.AnswerLength];

    public DtlsListenerTests()
    {
        _session = DtlsSession.Connect(_client, Start);
        _hello = Assert.Single(DtlsPair.TakeFrom(_session));
    }

    [Fact]
    public void A_hello_without_a_cookie_is_answered_with_one_and_nothing_is_kept()
    {
        Assert.Equal(DtlsVerdict.Answer, _listener.Hear(Start, Client, _hello, _answer));
        Assert.True(_answer.Length <= _hello.Length);
        Assert.Equal(DtlsVerdict.Proven, _listener.Hear(Start, Client, SecondHello(), _answer));
        Assert.Equal(DtlsVerdict.Proven, _listener.Hear(Start, Client, SecondHello(), _answer));
    }

    [Fact]
    public void A_cookie_counts_for_its_address_and_port_alone()
    {
        var second = Proven();
        Assert.Equal(DtlsVerdict.Answer, _listener.Hear(Start, Client.WithPort(50_001), second, _answer));
        Assert.Equal(DtlsVerdict.Answer, _listener.Hear(Start, TransportAddress.IPv4(0xC0000202, 50_000), second, _answer));
        Assert.Equal(DtlsVerdict.Answer, _listener.Hear(Start, TransportAddress.IPv6(0xC0000201, 50_000), second, _answer));
        Assert.Equal(DtlsVerdict.Answer, new DtlsListener(new SystemRandom()).Hear(Start, Client, second, _answer));
    }

    [Fact]
    public void A_cookie_counts_for_at_least_one_minute_and_never_two()
    {
        var second = Proven();
        Assert.Equal(DtlsVerdict.Proven, _listener.Hear(Start + TimeSpan.FromSeconds(60), Client, second, _answer));
        Assert.Equal(DtlsVerdict.Answer, _listener.Hear(Start + TimeSpan.FromSeconds(120), Client, second, _answer));
        // Its key's name comes again after 256 minutes, its key does not.
        Assert.Equal(DtlsVerdict.Answer, _listener.Hear(Start + TimeSpan.FromMinutes(256), Client, second, _answer));
    }

    [Fact]
    public void Any_change_of_the_cookie_or_of_what_it_covers_makes_it_none()
    {
        var second = Proven();
        Assert.True(DtlsHello.TryParse(second, out var hello));
        var (from, _) = hello.Parameters.GetOffsetAndLength(second.Length);
        var (cookieAt, length) = hello.Cookie.GetOffsetAndLength(second.Length);
        Gen.Select(Gen.Int[from + 1, cookieAt + length - 1], Gen.Int[0, 7]).Sample((at, bit) =>
        {
            var changed = second.ToArray();
            changed[at] ^= (byte)(1 << bit);
            Assert.NotEqual(DtlsVerdict.Proven, _listener.Hear(Start, Client, changed, _answer));
        }, threads: 1);
    }

    [Fact]
    public void A_proven_hello_that_is_not_the_second_message_begins_no_session()
    {
        var second = Proven();
        second[18] = 0;
        Assert.Equal(DtlsVerdict.Ignore, _listener.Hear(Start, Client, second, _answer));
    }

    [Fact]
    public void Any_datagram_is_a_value_and_none_is_answered_with_more_bytes()
    {
        var second = Proven();
        Gen.Select(Gen.OneOf(Gen.Const(_hello), Gen.Const(second)), Gen.Int[0, 300], Gen.Select(Gen.Int[0, 150], Gen.Byte).Array[0, 4])
            .Sample((datagram, length, changes) =>
            {
                var changed = datagram[..Math.Min(length, datagram.Length)];
                foreach (var (at, value) in changes)
                    if (at < changed.Length) changed[at] = value;
                var verdict = _listener.Hear(Start, Client, changed, _answer);
                Assert.True(verdict != DtlsVerdict.Answer || _answer.Length <= changed.Length);
            }, iter: 20_000, threads: 1);
    }

    [Fact]
    public void What_is_no_hello_is_ignored()
    {
        Assert.Equal(DtlsVerdict.Ignore, _listener.Hear(Start, Client, [], _answer));
        Assert.Equal(DtlsVerdict.Ignore, _listener.Hear(Start, Client, new byte[200], _answer));
        Gen.Byte.Array[0, 300].Sample(bytes => Assert.Equal(DtlsVerdict.Ignore, _listener.Hear(Start, Client, bytes, _answer)), threads: 1);
        byte[] encrypted = [.. _hello];
        encrypted[4] = 1;
        Assert.Equal(DtlsVerdict.Ignore, _listener.Hear(Start, Client, encrypted, _answer));
    }

    [Fact]
    public void Ten_thousand_hellos_allocate_nothing()
    {
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++) _listener.Hear(Start, Client.WithPort((ushort)i), _hello, _answer);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    public void Dispose()
    {
        _session.Dispose();
        _client.Dispose();
    }

    byte[] Proven()
    {
        Assert.Equal(DtlsVerdict.Answer, _listener.Hear(Start, Client, _hello, _answer));
        return SecondHello();
    }

    byte[] SecondHello()
    {
        if (_second is not null) return _second;
        ReadOnlySpan<byte> answer = _answer;
        Assert.Equal(0, _session.Read(ref answer, new byte[SecureSession.MostRecord]));
        return _second = Assert.Single(DtlsPair.TakeFrom(_session));
    }
}
