using System.Buffers.Binary;
using Portunus.Bedrock;
using Portunus.Fuzz.Engine;
using Portunus.Stun;
using Portunus.Transport;

namespace Portunus.Fuzz.Targets;

/// <summary>
/// A stream cut anywhere: each step is a piece. The messages, the fault and what is left unfinished are those of a reader that knows the
/// whole stream. Where the first step is of kind 1, the stream begins as a header of the PROXY protocol, read at every length.
/// </summary>
sealed class FramingTarget : Target
{
    static readonly int[] Limits = [StreamFraming.MostLength, 1500, 100];

    public override byte Kinds => 2;

    public override int MostBytes => 3000;

    public override IEnumerable<Step[]> Seeds()
    {
        byte[] channelData = [0x40, 1, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0];
        foreach (var message in Samples.Published) yield return [new(0, 0, message), new(0, 0, channelData), new(0, 0, message[..7])];
        yield return [new(0, 1, [.. channelData, .. channelData, 0x40]), new(0, 0, [0, 0]), new(0, 0, [0, .. Samples.Published[0]])];
        yield return [new(0, 2, [0x7F, 0xFF, 0, 0x60, .. new byte[0x60]]), new(0, 0, [0x16, 3, 1])];
        yield return [new(0, 0, [0x40, 0, 0x0B, 0xB8, .. new byte[2990]]), new(0, 0, new byte[14])];
        foreach (var header in Samples.ProxyHeaders) yield return [new(1, 0, [.. header, .. Samples.Published[0]])];
    }

    public override void Run(IReadOnlyList<Step> steps, Coverage coverage)
    {
        if (steps.Count == 0) return;
        var stream = steps.SelectMany(step => step.Bytes).ToArray();
        if (steps[0].Kind == 1) RunProxyHeader(stream, coverage);
        var most = Limits[steps[0].Arg % Limits.Length];
        var expected = Reference(stream, most);
        coverage.Note(1, (int)expected.Fault);
        coverage.Note(2, Math.Min(expected.Messages.Count, 8));
        Compare(expected, Framed(stream, steps.Select(step => step.Bytes.Length), most), "cut as the steps");
        Compare(expected, Framed(stream, [stream.Length], most), "whole");
        Compare(expected, Framed(stream, Enumerable.Repeat(1, stream.Length), most), "a byte at a time");
        Finding.Unless(!IsPlanted || expected.Fault != StreamFault.BadCookie, "planted: no stream has a bad cookie");
    }

    static void RunProxyHeader(byte[] stream, Coverage coverage)
    {
        var settled = (Reading: ProxyReading.Incomplete, Client: default(TransportAddress), Length: 0);
        for (var length = 0; length <= Math.Min(stream.Length, ProxyHeader.MostLength + 8); length++)
        {
            var reading = ProxyHeader.Read(stream.AsSpan(0, length), out var client, out _, out var header);
            coverage.Note(3, (int)reading);
            Finding.Unless(header >= 0 && header <= length, "the header lies within what has come");
            if (reading == ProxyReading.Client) Finding.Unless(client.AddressLength > 0, "a client has an address");
            if (settled.Reading != ProxyReading.Incomplete)
                Finding.Unless(settled == (reading, client, header), $"more bytes change nothing: {settled}, then {reading} at {length}");
            settled = (reading, client, header);
        }

        Finding.Unless(stream.Length <= ProxyHeader.MostLength || settled.Reading != ProxyReading.Incomplete,
            "what is too long is not waited for");
    }

    sealed record Outcome(List<byte[]> Messages, StreamFault Fault, int Unfinished);

    static Outcome Framed(byte[] stream, IEnumerable<int> lengths, int most)
    {
        using StreamFraming framing = new(most);
        List<byte[]> messages = [];
        var at = 0;
        foreach (var length in lengths)
        {
            ReadOnlySpan<byte> piece = stream.AsSpan(at, length);
            at += length;
            while (framing.TryTake(ref piece, out var message)) messages.Add(message.ToArray());
            Finding.Unless(framing.Fault != StreamFault.None || piece.IsEmpty, "without a fault all is taken");
        }

        return new(messages, framing.Fault, framing.Unfinished);
    }

    /// <summary>RFC 8489 §6.2.2 and RFC 8656 §12.5 over the whole stream.</summary>
    static Outcome Reference(byte[] stream, int most)
    {
        List<byte[]> messages = [];
        for (var at = 0; ;)
        {
            var rest = stream.AsSpan(at);
            if (rest.IsEmpty) return new(messages, StreamFault.None, 0);
            var isChannel = rest[0] is >= 0x40 and < 0x80;
            if (!isChannel && rest[0] > 3) return new(messages, StreamFault.NeitherKind, 0);
            if (rest.Length < 4) return new(messages, StreamFault.None, rest.Length);
            int claimed = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (!isChannel && claimed % 4 != 0) return new(messages, StreamFault.BadLength, 0);
            var length = claimed + (isChannel ? 4 : 20);
            if (length > most) return new(messages, StreamFault.TooLong, 0);
            if (!isChannel && rest.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) != 0x2112A442)
                return new(messages, StreamFault.BadCookie, 0);
            var padded = (length + 3) & ~3;
            if (padded > rest.Length) return new(messages, StreamFault.None, rest.Length);
            messages.Add(rest[..length].ToArray());
            at += padded;
        }
    }

    static void Compare(Outcome expected, Outcome found, string how)
    {
        Finding.Unless(expected.Fault == found.Fault, $"{how}: the fault is {found.Fault}, not {expected.Fault}");
        Finding.Unless(expected.Unfinished == found.Unfinished,
            $"{how}: {found.Unfinished} bytes are unfinished, not {expected.Unfinished}");
        Finding.Unless(expected.Messages.Count == found.Messages.Count,
            $"{how}: {found.Messages.Count} messages, not {expected.Messages.Count}");
        foreach (var (one, other) in expected.Messages.Zip(found.Messages))
            Finding.Unless(one.AsSpan().SequenceEqual(other), $"{how}: a message has other bytes");
    }
}
