using Portunus.Bedrock;

namespace Portunus.Simulation;

/// <summary>What a link is asked to carry.</summary>
public enum ParcelKind : byte
{
    /// <summary>May be lost, doubled or overtaken.</summary>
    Datagram,

    /// <summary>A stream between the two addresses begins.</summary>
    Opened,

    /// <summary>A message of a stream: arrives once, in order, or the stream ends.</summary>
    Segment,

    /// <summary>The stream has ended: said by the other side, or noticed because the link was cut.</summary>
    Closed,
}

/// <summary>Bytes on their way from one address to another; the world never looks inside.</summary>
public readonly record struct Parcel(TransportAddress From, TransportAddress To, ParcelKind Kind, ReadOnlyMemory<byte> Bytes)
{
    public static Parcel Datagram(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> bytes) =>
        new(from, to, ParcelKind.Datagram, bytes);

    public static Parcel Open(TransportAddress from, TransportAddress to) => new(from, to, ParcelKind.Opened, default);

    public static Parcel Segment(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> bytes) =>
        new(from, to, ParcelKind.Segment, bytes);

    public static Parcel Close(TransportAddress from, TransportAddress to) => new(from, to, ParcelKind.Closed, default);

    public override string ToString() => $"{Kind} {From} > {To}, {Bytes.Length} bytes";
}
