using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portunus.Wic;

namespace Portunus.Tests.Io.Wic;

/// <summary>A name server on loopback (RFC 1035 §4.1) that knows the few records of a test.</summary>
public sealed class NameServer : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly Socket _mouth;
    readonly Dictionary<DnsQuestion, List<byte[]>> _zone = [];
    readonly List<DnsQuestion> _asked = [];
    readonly Thread _thread;

    /// <param name="group">Where it is a responder of Multicast DNS, on loopback and at a port of its own; null for a name server.</param>
    /// <param name="mouth">From where it answers; null for where it is asked.</param>
    public NameServer(IPAddress? group = null, Socket? mouth = null)
    {
        _mouth = mouth ?? _socket;
        _socket.Bind(new IPEndPoint(group is null ? IPAddress.Loopback : IPAddress.Any, 0));
        if (group is not null)
            _socket.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, IPAddress.Loopback));
        _thread = new(Run) { IsBackground = true };
        _thread.Start();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>What it was asked, in its order.</summary>
    public IReadOnlyList<DnsQuestion> Asked
    {
        get
        {
            lock (_zone) return [.. _asked];
        }
    }

    public NameServer Address(string name, IPAddress address) =>
        Add(name, address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa, address.GetAddressBytes());

    /// <summary>An instance of a service: its own name, which may have spaces and no dot, before that of the service.</summary>
    public NameServer Instance(string service, string instance) =>
        Add(service, DnsType.Ptr, [.. Text(instance), .. Name(service)]);

    public NameServer Service(string name, ushort priority, ushort port, string target) =>
        Add(name, DnsType.Srv, [.. Number(priority), .. Number(0), .. Number(port), .. Name(target)]);

    public NameServer Pointer(string name, ushort order, string flags, string services, string replacement) => Add(
        name,
        DnsType.Naptr,
        [.. Number(order), .. Number(10), .. Text(flags), .. Text(services), .. Text(""), .. Name(replacement)]);

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    NameServer Add(string name, DnsType type, byte[] data)
    {
        lock (_zone)
        {
            if (!_zone.TryGetValue(new(name, type), out var records)) _zone.Add(new(name, type), records = []);
            records.Add(data);
        }

        return this;
    }

    void Run()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var length = _socket.ReceiveFrom(buffer, ref from);
                _mouth.SendTo(Answer(buffer.AsSpan(0, length)), from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    byte[] Answer(ReadOnlySpan<byte> query)
    {
        var (at, name) = (12, new List<string>());
        for (; query[at] != 0; at += query[at] + 1) name.Add(Encoding.ASCII.GetString(query.Slice(at + 1, query[at])));
        var end = at + 5;
        var question = new DnsQuestion(string.Join('.', name), (DnsType)query[at + 2]);
        List<byte[]> records;
        lock (_zone)
        {
            _asked.Add(question);
            records = _zone.GetValueOrDefault(question) ?? [];
        }

        // Answer, recursion available; no error even without a record: the name may have others.
        var count = Number((ushort)records.Count);
        List<byte> answer = [query[0], query[1], 0x81, 0x80, 0, 1, .. count, 0, 0, 0, 0, .. query[12..end]];
        foreach (var data in records)
        {
            // The name of the question, by its place in the message.
            answer.AddRange([0xC0, 12, 0, (byte)question.Type, 0, 1, 0, 0, 0, 60, .. Number((ushort)data.Length)]);
            answer.AddRange(data);
        }

        return [.. answer];
    }

    static byte[] Number(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    static byte[] Name(string name) => [.. name.Split('.').SelectMany(Text), 0];
}
