using System.Buffers.Binary;
using System.Net;
using Portunus.Bedrock;
using Portunus.Fuzz.Engine;
using Portunus.Tests.Conformance.Wire;
using Portunus.Turn;

namespace Portunus.Fuzz.Targets;

/// <summary>
/// Two clients with bound channels, one by UDP and one by TCP, and their peers. What leaves is exactly what RFC 8656 §12 says of what came,
/// by a model that knows the bindings alone.
/// </summary>
sealed class ChannelDataTarget : Target
{
    enum Kind : byte
    {
        /// <summary>The bytes come from the client of bit 0.</summary>
        Client,

        /// <summary>The bytes come from the peer of bits 1-2 to a relay of the client of bit 0.</summary>
        Peer,

        /// <summary>As many seconds pass, up to <see cref="MostSeconds"/> in all.</summary>
        Time,
    }

    // The allocations, and the channels with them, live 600 s; permissions 300.
    const int MostSeconds = 500;
    const int PermissionSeconds = 300;

    static readonly ClientPath[] Paths =
        [TurnWorld.Path("203.0.113.77:40000"), TurnWorld.Path("203.0.113.79:40000", ClientTransport.Tcp)];

    // The first two have channels, the third a permission, the fourth nothing.
    static readonly IPEndPoint[] Peers =
        [IPEndPoint.Parse("9.9.9.9:9"), IPEndPoint.Parse("[2606:4700::1]:5"), IPEndPoint.Parse("8.8.4.4:53"),
         IPEndPoint.Parse("9.9.9.10:9")];

    static readonly int[] Channels = [0x4000, 0x4FFF];

    static readonly Signer Alice = Signer.Md5("alice", "wonderland");

    static readonly CredentialVerifier Verifier = new(TurnWorld.Realm, [new("alice", "wonderland")], []);

    public override byte Kinds => (byte)(Kind.Time + 1);

    public override int MostBytes => 65_535;

    public override IEnumerable<Step[]> Seeds()
    {
        byte[][] messages =
        [
            [0x40, 0, 0, 0], [0x40, 0, 0, 3, 1, 2, 3], [0x40, 0, 0, 3, 1, 2, 3, 0], [0x4F, 0xFF, 0, 4, 1, 2, 3, 4], [0x50, 0, 0, 0],
            [0x40, 1, 0, 1, 1], [0x40, 0, 0xFF, 0xE0, .. new byte[65_504]], [0x40, 0, 5, 0x78, .. new byte[1400]], Templates.Send,
        ];
        for (byte client = 0; client < 2; client++)
        {
            foreach (var message in messages) yield return [new((byte)Kind.Client, client, message)];
            for (byte peer = 0; peer < 4; peer++)
                yield return [new((byte)Kind.Peer, (byte)(client | (peer << 1)), [1, 2, 3, 4, 5]), new((byte)Kind.Time, 200, []),
                    new((byte)Kind.Time, 150, []), new((byte)Kind.Peer, (byte)(client | (peer << 1)), new byte[1000])];
            yield return [new((byte)Kind.Peer, client, new byte[65_507]), new((byte)Kind.Peer, (byte)(client | 4), new byte[65_480])];
        }
    }

    public override void Run(IReadOnlyList<Step> steps, Coverage coverage)
    {
        TurnWorld world = new(coverage, Verifier);
        foreach (var path in Paths) Begin(world, path);
        var relays = world.Opened.OrderBy(relay => relay.Value).ToArray();
        Finding.Unless(relays.Length == 4, "each client has a relay of both families");
        var seconds = 0;
        foreach (var step in steps)
        {
            var client = step.Arg & 1;
            switch ((Kind)(step.Kind % Kinds))
            {
                case Kind.Client when step.Bytes is [>= 0x40 and < 0x80, ..]:
                    CheckToPeer(world, world.FromClient(Paths[client], step.Bytes), step.Bytes);
                    break;
                case Kind.Client:
                    world.FromClient(Paths[client], step.Bytes);
                    break;
                case Kind.Peer:
                    var peer = (step.Arg >> 1) & 3;
                    CheckToClient(world, relays[(client * 2) + (peer == 1 ? 1 : 0)], client, peer, step.Bytes, seconds);
                    break;
                default:
                    var passing = Math.Min(step.Arg, MostSeconds - seconds);
                    seconds += passing;
                    world.Pass(TimeSpan.FromSeconds(passing));
                    break;
            }

            world.CheckBooks();
        }

        world.CheckEnd();
    }

    static void Begin(TurnWorld world, in ClientPath path)
    {
        world.FromClient(path, Templates.Allocate);
        var nonce = Incoming.Read(world.Left)?.Get(Attr.Nonce) ?? [];
        byte[][] requests =
            [Templates.AllocateBoth, Templates.Bind(Channels[0]), Templates.Bind6(Channels[1]), Templates.Permit];
        foreach (var request in requests)
        {
            world.FromClient(path, Alice.Sign(request, nonce));
            Finding.Unless(Incoming.Read(world.Left) is { IsSuccess: true }, "the clients have what they want");
        }
    }

    void CheckToPeer(TurnWorld world, Forward forward, byte[] message)
    {
        var channel = message.Length < 4 ? -1 : Array.IndexOf(Channels, BinaryPrimitives.ReadUInt16BigEndian(message));
        int length = message.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2));
        if (channel < 0 || length > message.Length - 4)
        {
            Finding.Unless(forward.Kind == ForwardKind.Drop, "what is no message of a bound channel goes nowhere");
            return;
        }

        Finding.Unless(!IsPlanted || channel == 0 || length > 0, "planted: no empty datagram goes to the second peer");
        Finding.Unless(forward.Kind == ForwardKind.ToPeer, "what a client says on its channel goes to the peer");
        Finding.Unless(forward.Peer == TransportAddress.From(Peers[channel]), "a channel has one peer");
        Finding.Unless(world.Opened.Contains(forward.Relay), "an open relay sends it");
        Finding.Unless(world.Left.AsSpan().SequenceEqual(message.AsSpan(4, length)),
            "the peer gets the data, the whole data and nothing else");
    }

    static void CheckToClient(TurnWorld world, RelayId relay, int client, int peer, byte[] payload, int seconds)
    {
        var forward = world.FromPeer(relay, TransportAddress.From(Peers[peer]), payload);
        // The moment itself belongs to nobody.
        if (seconds == PermissionSeconds) return;
        // A permission is for an address; the fourth peer has another.
        var isPermitted = seconds < PermissionSeconds && peer != 3;
        var most = 65_507 - (peer == 2 ? 20 + 12 + 4 : 4);
        if (!isPermitted || payload.Length > most)
        {
            Finding.Unless(forward.Kind == ForwardKind.Drop || (isPermitted && payload.Length <= 65_503),
                "without permission nothing comes in");
            return;
        }

        var padding = client == 1 ? -payload.Length & 3 : 0;
        if (peer < 2)
        {
            Finding.Unless(forward.Kind == ForwardKind.ToClient, "what the peer of a channel says goes to the client");
            byte[] head = [(byte)(Channels[peer] >> 8), (byte)Channels[peer], (byte)(payload.Length >> 8), (byte)payload.Length];
            Finding.Unless(world.Left.AsSpan().SequenceEqual([.. head, .. payload, .. new byte[padding]]),
                "ChannelData is head, data and padding");
        }
        else if (forward.Kind == ForwardKind.ToClient)
        {
            var read = Incoming.Read(world.Left);
            Finding.Unless(read is { ClassBits: Class.Indication, MethodNumber: Method.Data }, "what a permitted peer says comes as Data");
            Finding.Unless(read!.Get(Attr.Data).AsSpan().SequenceEqual(payload), "DATA is what the peer said");
            Finding.Unless(Peers[peer].Equals(read.Address(Attr.XorPeerAddress)), "XOR-PEER-ADDRESS is the peer");
        }
        else
        {
            Finding.Unless(payload.Length > most - 16, "what a permitted peer says goes to the client");
        }

        Finding.Unless(forward.Kind == ForwardKind.Drop || forward.Path == Paths[client], "it goes to its own client");
    }
}
