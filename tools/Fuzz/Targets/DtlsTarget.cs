using System.Buffers.Binary;
using Portunus.Bedrock;
using Portunus.Fuzz.Engine;
using Portunus.Transport.Tls;

namespace Portunus.Fuzz.Targets;

/// <summary>
/// OpenSSL's own client before our listener and session, and a network between them that changes, forges, repeats, reorders and cuts
/// datagrams at every stage. OpenSSL draws its own chance: a repeated input plays the same changes on other keys.
/// </summary>
sealed class DtlsTarget : Target
{
    const long MostMemory = 1_000_000_000;

    readonly PemFolder _files = new();
    readonly TlsContext _server;
    readonly TlsContext _client = TlsContext.Client(isDatagrams: true);
    long _runs;

    public DtlsTarget() => _server = TlsContext.ForDatagrams(_files.Certificate, _files.Key);

    public override byte Kinds => (byte)(DtlsStep.Renegotiate + 1);

    public override IEnumerable<Step[]> Seeds()
    {
        Step write = new((byte)DtlsStep.ClientWrites, 0, "hello"u8.ToArray());
        Step rest = new((byte)DtlsStep.Exchange, 0, []);
        Step forward = new((byte)DtlsStep.ToServer, 0, []);
        Step back = new((byte)DtlsStep.ToClient, 0, []);
        yield return [rest, write, rest, new((byte)DtlsStep.ServerWrites, 0, "back"u8.ToArray()), rest, new((byte)DtlsStep.Close, 0, [])];
        yield return [forward, back, forward, back, back, forward, write, forward];
        yield return [forward, back, new((byte)DtlsStep.Fragment, 40, []), forward, forward, forward, rest, write, rest];
        yield return [forward, back, forward, rest, new((byte)DtlsStep.Renegotiate, 0, []), rest, write, rest];
        yield return [rest, new((byte)DtlsStep.Anew, 0, []), rest, write, rest];
        yield return [forward, back, forward, new((byte)DtlsStep.Deadline, 2, []), new((byte)DtlsStep.Anew, 0, []), rest, write, rest];
        foreach (byte epoch in (byte[])[0, 1])
        for (byte kind = 0; kind < 6; kind++)
        {
            // Type 20 to 25: ChangeCipherSpec, alert, handshake, data, heartbeat, and one that is none.
            Step forged = new((byte)DtlsStep.Record, (byte)(kind | (epoch << 3)), [2, 40, .. new byte[40]]);
            yield return [forward, back, forged, rest, write, rest];
            yield return [forward, back, forward, forged, forged, rest, write, rest];
            yield return [rest, forged, write, forward, forged, rest];
        }

        foreach (var hello in Hellos())
            yield return [new((byte)DtlsStep.Raw, 0, hello), rest, new((byte)DtlsStep.Raw, 0, hello), write, rest];
        yield return [forward, new((byte)DtlsStep.Repeat, 1, []), back, forward, new((byte)DtlsStep.Repeat, 0, []), forward, rest];
        yield return [rest, write, write, new((byte)DtlsStep.Join, 0, []), forward, new((byte)DtlsStep.Swap, 0, []), rest];
        yield return [forward, back, forward, new((byte)DtlsStep.Lose, 1, []), new((byte)DtlsStep.Deadline, 70, []), rest];
    }

    public override void Run(IReadOnlyList<Step> steps, Coverage coverage)
    {
        using DtlsPlay play = new(_server, _client, coverage) { IsPlanted = IsPlanted };
        foreach (var step in steps) play.Take(step with { Kind = (byte)(step.Kind % Kinds) });
        play.CheckEnd();
        if (++_runs % 500 == 0) Finding.Unless(Environment.WorkingSet < MostMemory, $"{Environment.WorkingSet} bytes of memory are held");
    }

    public override void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _files.Dispose();
        base.Dispose();
    }

    /// <summary>ClientHellos without cookie, with a wrong one, and with a random session; and what begins like one.</summary>
    static IEnumerable<byte[]> Hellos()
    {
        byte[] rest = [0, 4, 0xC0, 0x2B, 0xC0, 0x2F, 1, 0, 0, 8, 0, 10, 0, 4, 0, 2, 0, 23];
        byte[][] bodies =
        [
            [0xFE, 0xFD, .. new byte[32], 0, 0, .. rest],
            [0xFE, 0xFD, .. new byte[32], 32, .. new byte[32], 17, .. new byte[17], .. rest],
            [0xFE, 0xFF, .. new byte[32], 0, 255, .. new byte[255], .. rest],
        ];
        foreach (var body in bodies)
        {
            byte[] head = [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(11), (ushort)(12 + body.Length));
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(15), (ushort)body.Length);
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(23), (ushort)body.Length);
            yield return [.. head, .. body];
        }
    }
}
