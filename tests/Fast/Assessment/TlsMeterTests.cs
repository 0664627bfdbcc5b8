using Portunus.Assessment.Links;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>Where a TLS handshake ends, and what is counted after it; from records, whatever pieces they come in.</summary>
public class TlsMeterTests
{
    const byte ChangeCipherSpec = 20;
    const byte Alert = 21;
    const byte Handshake = 22;
    const byte Data = 23;

    /// <summary>The content of a TLS 1.3 Finished with SHA-384, encrypted.</summary>
    const int Finished = 4 + 48 + 1 + 16;

    const int Header = 5;

    static byte[] Record(byte type, int length) => [type, 3, 3, (byte)(length >> 8), (byte)length, .. new byte[length]];

    /// <summary>A ServerHello with a session's identifier of 32 bytes.</summary>
    static byte[] ServerHello(int suite)
    {
        var record = Record(Handshake, 90);
        record[Header] = 2;
        record[Header + 38] = 32;
        (record[Header + 71], record[Header + 72]) = ((byte)(suite >> 8), (byte)suite);
        return record;
    }

    static LinkCounts Count(int piece, params (bool IsUp, byte[] Bytes)[] flights)
    {
        var counter = new LinkCounter();
        var meter = new TlsMeter(counter);
        foreach (var (isUp, bytes) in flights)
        {
            foreach (var part in bytes.Chunk(piece)) meter.Read(part, isUp);
        }

        return counter.Counts;
    }

    static (bool, byte[]) Up(params byte[][] records) => (true, [.. records.SelectMany(record => record)]);

    static (bool, byte[]) Down(params byte[][] records) => (false, [.. records.SelectMany(record => record)]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void TLS_1_3_ends_its_handshake_with_the_openers_Finished_and_the_request_beside_it_is_data(int piece)
    {
        var counts = Count(
            piece,
            Up(Record(Handshake, 500)),
            Down(ServerHello(0x1302), Record(ChangeCipherSpec, 1), Record(Data, 1000), Record(Data, Finished)),
            Up(Record(ChangeCipherSpec, 1), Record(Data, Finished), Record(Data, 300)),
            Down(Record(Data, 400), Record(Data, 50)));
        Assert.Equal(
            new()
            {
                HandshakeRoundTrips = 1, HandshakeBytes = 505 + 95 + 6 + 1005 + Finished + 5 + 6 + Finished + 5,
                RecordsUp = 1, RecordsDown = 2, BytesUp = 305, BytesDown = 405 + 55, RoundTrips = 1,
            },
            counts);
    }

    [Fact]
    public void A_certificate_of_the_opener_belongs_to_the_handshake()
    {
        var counts = Count(
            9,
            Up(Record(Handshake, 500)),
            Down(ServerHello(0x1302), Record(Data, 1000)),
            Up(Record(Data, 800), Record(Data, 96), Record(Data, Finished), Record(Data, 300)),
            Down(Record(Data, 40)));
        Assert.Equal((1, 1, 305), (counts.RecordsUp, counts.RoundTrips, counts.BytesUp));
    }

    [Fact]
    public void A_flight_that_packs_its_Finished_with_a_certificate_is_handshake_to_its_end()
    {
        var counts = Count(
            9,
            Up(Record(Handshake, 500)),
            Down(ServerHello(0x1302), Record(Data, 1000)),
            Up(Record(Data, 900)),
            Down(Record(Data, 200)),
            Up(Record(Data, 300)),
            Down(Record(Data, 40)));
        Assert.Equal((1, 1, 2, 1), (counts.HandshakeRoundTrips, counts.RecordsUp, counts.RecordsDown, counts.RoundTrips));
    }

    [Fact]
    public void A_HelloRetryRequest_costs_a_round_trip_more()
    {
        var counts = Count(
            9,
            Up(Record(Handshake, 500)),
            Down(ServerHello(0x1302)),
            Up(Record(Handshake, 600)),
            Down(ServerHello(0x1302), Record(Data, 1000)),
            Up(Record(Data, Finished)));
        Assert.Equal((2, 0), (counts.HandshakeRoundTrips, counts.RoundTrips));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void TLS_1_2_takes_two_round_trips_until_the_first_data(int piece)
    {
        var counts = Count(
            piece,
            Up(Record(Handshake, 200)),
            Down(ServerHello(0xC02F), Record(Handshake, 900)),
            Up(Record(Handshake, 70), Record(ChangeCipherSpec, 1), Record(Handshake, 40)),
            Down(Record(ChangeCipherSpec, 1), Record(Handshake, 40)),
            Up(Record(Data, Finished)),
            Down(Record(Data, 19)),
            Up(Record(Alert, 26)),
            Down(Record(Alert, 26)));
        Assert.Equal(
            new()
            {
                HandshakeRoundTrips = 2, HandshakeBytes = 205 + 95 + 905 + 75 + 6 + 45 + 6 + 45,
                RecordsUp = 1, RecordsDown = 1, BytesUp = Finished + 5 + 31, BytesDown = 24 + 31, RoundTrips = 1,
            },
            counts);
    }

    [Fact]
    public void An_alert_of_TLS_1_3_is_neither_a_record_nor_an_answer()
    {
        const int alert = 2 + 1 + 16;
        var counts = Count(
            9,
            Up(Record(Handshake, 500)),
            Down(ServerHello(0x1301), Record(Data, 1000)),
            Up(Record(Data, 4 + 32 + 1 + 16), Record(Data, alert)),
            Down(Record(Data, alert)));
        Assert.Equal((0, 0, 0, 24, 24), (counts.RecordsUp, counts.RecordsDown, counts.RoundTrips, counts.BytesUp, counts.BytesDown));
    }

    [Fact]
    public void A_plain_stream_has_no_handshake_and_no_records()
    {
        var counts = Count(4, Up("GET / HTTP/1.1\r\n"u8.ToArray()), Down("HTTP/1.1 200 OK"u8.ToArray()), Up("again"u8.ToArray()));
        Assert.Equal(new() { BytesUp = 21, BytesDown = 15, RoundTrips = 1 }, counts);
    }
}
