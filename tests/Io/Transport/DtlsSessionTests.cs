using CsCheck;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

public sealed class DtlsSessionTests : IDisposable
{
    readonly PemFiles _files = PemFiles.Create();
    readonly TlsContext _server;
    readonly TlsContext _client = TlsContext.Client(isDatagrams: true);

    public DtlsSessionTests() => _server = TlsContext.ForDatagrams(_files.Certificate, _files.Key);

    [Fact]
    public void After_the_cookie_it_opens_and_each_message_is_a_datagram()
    {
        using var pair = new DtlsPair(_server, _client).Opened();
        Assert.Equal("DTLSv1.2", pair.Server!.Protocol);
        Assert.True(pair.Client.TryWrite("one"u8));
        Assert.True(pair.Client.TryWrite("two"u8));
        var datagrams = DtlsPair.TakeFrom(pair.Client);
        Assert.Equal(2, datagrams.Count);
        Assert.Equal("two"u8, Assert.Single(pair.ToServer(datagrams[1])));
        Assert.Equal("one"u8, Assert.Single(pair.ToServer(datagrams[0])));
        Assert.True(pair.Server.TryWrite("back"u8));
        Assert.Equal("back"u8, Assert.Single(pair.Give(pair.Client, Assert.Single(DtlsPair.TakeFrom(pair.Server)))));
    }

    [Fact]
    public void Two_records_of_one_datagram_are_two_messages()
    {
        using var pair = new DtlsPair(_server, _client).Opened();
        pair.Client.TryWrite("one"u8);
        pair.Client.TryWrite("two"u8);
        Assert.Equal(["one"u8.ToArray(), "two"u8.ToArray()], pair.ToServer([.. DtlsPair.TakeFrom(pair.Client).SelectMany(d => d)]));
    }

    [Fact]
    public void Before_the_cookie_is_shown_no_more_bytes_go_out_than_came_in()
    {
        using DtlsPair pair = new(_server, _client);
        var (bytesIn, bytesOut) = (0, 0);
        pair.Exchange((byClient, datagram) =>
        {
            if (pair.Server is not null) return [datagram];
            bytesIn += byClient ? datagram.Length : 0;
            bytesOut += byClient ? 0 : datagram.Length;
            Assert.True(bytesOut <= bytesIn);
            return [datagram];
        });
        Assert.Equal(DtlsListener.AnswerLength, bytesOut);
        Assert.Equal(TlsState.Open, pair.Server!.State);
    }

    [Fact]
    public void A_certificate_of_more_than_a_datagram_goes_out_in_datagrams_of_at_most_1200_bytes()
    {
        using var files = PemFiles.CreateLarge();
        using var server = TlsContext.ForDatagrams(files.Certificate, files.Key);
        using var pair = new DtlsPair(server, _client).Opened();
        Assert.InRange(pair.Sent.Count, 4, 12);
        Assert.All(pair.Sent, datagram => Assert.InRange(datagram.Length, 1, DtlsSession.MostHandshakeDatagram));
        Assert.Contains(pair.Sent, datagram => datagram.Length > 1000);
    }

    [Fact]
    public void Datagrams_may_come_twice_and_in_another_order()
    {
        using var files = PemFiles.CreateLarge();
        using var server = TlsContext.ForDatagrams(files.Certificate, files.Key);
        using DtlsPair pair = new(server, _client);
        // Each twice; the server's large flight backwards.
        List<byte[]> held = [];
        pair.Exchange((byClient, datagram) =>
        {
            if (byClient) return [datagram, datagram];
            held.Insert(0, datagram);
            if (held.Count < 2) return [datagram];
            return [held[0], held[1], held[0]];
        });
        Assert.Equal((TlsState.Open, TlsState.Open), (pair.Client.State, pair.Server!.State));
    }

    [Fact]
    public async Task A_flight_that_was_lost_is_repeated_when_its_time_has_come()
    {
        using DtlsPair pair = new(_server, _client);
        pair.Exchange((byClient, datagram) => byClient || pair.Server is null ? [datagram] : []);
        var now = ServedStream.Start;
        Assert.Equal(TlsState.Handshaking, pair.Server!.State);
        Assert.InRange(pair.Server.Deadline(now)!.Value - now, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        // OpenSSL looks at the clock of the wall itself.
        await Eventually.TrueAsync(() =>
        {
            pair.Server.OnDeadline(now);
            return pair.Server.OutgoingLength > 0;
        });
        pair.Exchange((_, datagram) => [datagram]);
        Assert.Equal((TlsState.Open, TlsState.Open), (pair.Client.State, pair.Server.State));
        Assert.Null(pair.Server.Deadline(now));
    }

    [Fact]
    public void A_handshake_that_does_not_end_in_time_is_given_up()
    {
        using DtlsPair pair = new(_server, _client);
        pair.Exchange((byClient, datagram) => byClient || pair.Server is null ? [datagram] : []);
        pair.Server!.OnDeadline(ServedStream.Start + DtlsSession.MostHandshakeTime);
        Assert.Equal((TlsState.Closed, TlsEnd.TooSlow), (pair.Server.State, pair.Server.Ended));
    }

    [Theory]
    [InlineData("ECDHE+AESGCM", "-GCM-")]
    [InlineData("ECDHE+CHACHA20", "-CHACHA20-")]
    public void A_record_that_comes_again_says_nothing_again_and_a_forged_one_nothing_at_all(string ciphers, string name)
    {
        using var client = TlsContext.Client(isDatagrams: true, ciphers);
        using var pair = new DtlsPair(_server, client).Opened();
        Assert.Contains(name, pair.Server!.Cipher, StringComparison.Ordinal);
        pair.Client.TryWrite("once"u8);
        var datagram = Assert.Single(DtlsPair.TakeFrom(pair.Client));
        for (var bit = 0; bit < 8 * datagram.Length; bit++)
        {
            var changed = datagram.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Empty(pair.ToServer(changed));
        }

        foreach (var forged in Forged()) Assert.Empty(pair.ToServer(forged));
        Assert.Single(pair.ToServer(datagram));
        Assert.Empty(pair.ToServer(datagram));
        Assert.Equal(TlsState.Open, pair.Server.State);
        pair.Client.TryWrite("x"u8);
        Assert.Single(pair.ToServer(Assert.Single(DtlsPair.TakeFrom(pair.Client))));
    }

    [Fact]
    public void Forged_records_that_come_before_the_clients_Finished_do_not_keep_it_from_opening()
    {
        using DtlsPair pair = new(_server, _client);
        var isForged = false;
        pair.Exchange((byClient, datagram) =>
        {
            if (pair.Server is null || !byClient || isForged) return [datagram];
            isForged = true;
            // Fewer than a session keeps.
            return [.. Forged().Where((_, i) => i % 48 == 0), datagram];
        });
        Assert.True(isForged);
        Assert.Equal((TlsState.Open, TlsState.Open), (pair.Client.State, pair.Server!.State));
    }

    [Fact]
    public void Any_bytes_at_any_stage_are_a_value() =>
        Gen.Select(Gen.Int[0, 2], Gen.Byte[20, 26], Gen.Byte[0, 1], Gen.Byte.Array[0, 200], Gen.Bool)
            .Sample((stage, kind, epoch, rest, likeARecord) =>
        {
            using DtlsPair pair = new(_server, _client);
            pair.Exchange((_, datagram) => stage == 0 || (stage == 1 && pair.Server is not null) ? [] : [datagram]);
            byte[] datagram = likeARecord ? [kind, 0xFE, 0xFD, 0, epoch, 0, 0, 0, 0, 0, 9, 0, (byte)rest.Length, .. rest] : rest;
            Assert.Empty(pair.ToServer(datagram));
            Assert.Equal(stage == 2, pair.Server?.State == TlsState.Open);
        }, iter: 200);

    [Fact]
    public void A_datagram_that_was_cut_says_nothing_and_ends_nothing()
    {
        using var pair = new DtlsPair(_server, _client).Opened();
        pair.Client.TryWrite(new byte[1000]);
        var datagram = Assert.Single(DtlsPair.TakeFrom(pair.Client));
        for (var length = 0; length < datagram.Length; length += 7) Assert.Empty(pair.ToServer(datagram[..length]));
        Assert.Single(pair.ToServer(datagram));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_starts_anew_at_its_address_gets_another_session_once_it_has_shown_a_cookie(bool isOpen)
    {
        using DtlsPair first = new(_server, _client);
        if (isOpen) first.Opened();
        else first.Exchange((byClient, datagram) => byClient || first.Server is null ? [datagram] : []);
        var old = first.Server!;
        using var anew = DtlsSession.Connect(_client, ServedStream.Start);
        var hello = Assert.Single(DtlsPair.TakeFrom(anew));
        first.ToServer(hello);
        Assert.Equal(isOpen ? TlsState.Open : TlsState.Handshaking, old.State);
        Assert.Same(old, first.Server);
        first.Give(anew, Assert.Single(first.TakeFromServer()));
        first.ToServer(Assert.Single(DtlsPair.TakeFrom(anew)));
        Assert.NotSame(old, first.Server);
        foreach (var datagram in first.TakeFromServer()) first.Give(anew, datagram);
        foreach (var datagram in DtlsPair.TakeFrom(anew)) first.ToServer(datagram);
        Assert.Equal(TlsState.Open, first.Server!.State);
    }

    [Fact]
    public void A_copy_of_the_hello_that_began_a_session_does_not_end_it()
    {
        List<byte[]> byClient = [];
        using DtlsPair pair = new(_server, _client);
        pair.Exchange((isClients, datagram) =>
        {
            if (isClients) byClient.Add(datagram);
            return [datagram];
        });
        var session = pair.Server;
        foreach (var datagram in byClient) pair.ToServer(datagram);
        Assert.Same(session, pair.Server);
        Assert.Equal(TlsState.Open, session!.State);
    }

    [Fact]
    public void Close_notify_ends_it_on_both_sides()
    {
        using var pair = new DtlsPair(_server, _client).Opened();
        pair.Client.Close();
        Assert.Empty(pair.ToServer(Assert.Single(DtlsPair.TakeFrom(pair.Client))));
        Assert.Equal((TlsState.Closed, TlsEnd.ByPeer), (pair.Server!.State, pair.Server.Ended));
    }

    [Fact]
    public void More_than_a_record_is_not_sent_and_what_waits_is_bounded()
    {
        using var pair = new DtlsPair(_server, _client).Opened();
        Assert.False(pair.Server!.TryWrite(new byte[SecureSession.MostRecord + 1]));
        Assert.True(pair.Server.TryWrite(new byte[SecureSession.MostRecord]));
        while (pair.Server.TryWrite(new byte[1200])) { }
        Assert.InRange(pair.Server.OutgoingLength, SecureSession.MostOutgoing - 2000, SecureSession.MostOutgoing);
        Assert.Equal(TlsState.Open, pair.Server.State);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _files.Dispose();
    }

    /// <summary>Records of the encrypted epoch with nothing true in them, of each kind, of lengths around nonce and tag.</summary>
    static IEnumerable<byte[]> Forged()
    {
        for (byte kind = 20; kind < 25; kind++)
        for (byte length = 0; length < 64; length++)
            yield return [kind, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, length, 0, length, .. new byte[length]];
    }
}
