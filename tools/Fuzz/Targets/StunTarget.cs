using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Fuzz.Engine;
using Portunus.Stun;
using Portunus.Tests.Conformance.Wire;
using Portunus.Turn;

namespace Portunus.Fuzz.Targets;

/// <summary>Messages of clients at a whole TURN server, proved and not, with peers and time between them.</summary>
sealed class StunTarget : Target
{
    /// <summary>What happens in a step.</summary>
    enum Kind : byte
    {
        /// <summary>The bytes, by one of four paths; nothing in them is proved.</summary>
        Raw,

        /// <summary>The bytes with credentials and integrity behind them: bits 0-1 the path, 2-4 who, 5 FINGERPRINT.</summary>
        Proved,

        /// <summary>The last proved message again, by the path of bits 0-1.</summary>
        Again,

        /// <summary>The bytes come from a peer to a relay.</summary>
        Peer,

        /// <summary>The peer cannot be reached.</summary>
        Icmp,

        /// <summary>Seconds pass: the square of the low five bits.</summary>
        Time,

        /// <summary>What becomes of relays from here on.</summary>
        Outside,

        /// <summary>As Proved, with the ticket or reservation token that the server gave last in the place of such an attribute.</summary>
        WithGiven,
    }

    static readonly ClientPath[] Paths =
    [
        TurnWorld.Path("203.0.113.77:40000"), TurnWorld.Path("203.0.113.78:40000"),
        TurnWorld.Path("203.0.113.79:40000", ClientTransport.Tcp), TurnWorld.Path("[2001:db8::7]:40000"),
    ];

    static readonly TransportAddress[] Peers =
    [
        TurnWorld.Address("9.9.9.9:9"), TurnWorld.Address("[2606:4700::1]:5"), TurnWorld.Address("8.8.4.4:53"),
        TurnWorld.Address("10.0.0.1:1"),
    ];

    static readonly Signer[] Signers = MakeSigners();

    static readonly CredentialVerifier Verifier =
        new(TurnWorld.Realm, [new("alice", "wonderland"), new("bob", "builder")], [TurnWorld.Secret]);

    public override byte Kinds => (byte)(Kind.WithGiven + 1);

    public override IEnumerable<Step[]> Seeds()
    {
        foreach (var message in Samples.Published.Concat(Templates.Unproved)) yield return [new((byte)Kind.Raw, 0, message)];
        byte[][][] talks =
        [
            [Templates.Allocate, Templates.Permit, Templates.Bind(0x4000), Templates.Refresh(700), Templates.Refresh(0)],
            [Templates.AllocateBoth, Templates.Permit6, Templates.Bind6(0x4001), Templates.Bind(0x4002), Templates.RefreshIPv6],
            [Templates.AllocateEven, Templates.AllocateReserved, Templates.Refresh(0)],
            [Templates.AllocateIPv6, Templates.Permit6, Templates.Connect],
            [Templates.AllocateMobile, Templates.Permit, Templates.RefreshMoved],
            [Templates.Binding, Templates.Allocate, Templates.Allocate],
        ];
        for (byte who = 0; who < Signers.Length; who++)
        foreach (var talk in talks)
        {
            List<Step> steps = [];
            foreach (var template in talk)
                steps.Add(new((byte)(template[1] == 4 ? Kind.WithGiven : Kind.Proved), (byte)((who << 2) | (who & 3)), template));
            Step[] between =
            [
                new((byte)Kind.Raw, (byte)(who & 3), Templates.Send), new((byte)Kind.Raw, (byte)(who & 3), [0x40, 0, 0, 3, 1, 2, 3, 0]),
                new((byte)Kind.Peer, 0, [1, 2, 3]), new((byte)Kind.Icmp, 0, [3, 4, 5, 200]), new((byte)Kind.Time, 17, []),
            ];
            steps.InsertRange(Math.Min(3, steps.Count), between);
            steps.Add(new((byte)Kind.Again, 1, []));
            yield return [.. steps];
            yield return [new((byte)Kind.Outside, (byte)(1 + (who % 3)), []), .. steps];
        }
    }

    public override void Run(IReadOnlyList<Step> steps, Coverage coverage)
    {
        Play play = new(new(coverage, Verifier), this);
        foreach (var step in steps) play.Take(step);
        play.World.CheckEnd();
    }

    static Signer[] MakeSigners()
    {
        var timed = TimeLimitedCredential.Mint(TurnWorld.Secret, 1_800_001_000, "4f9c2d7e1b6a");
        return
        [
            Signer.Md5("alice", "wonderland"), Signer.Sha256("alice", "wonderland"), Signer.Md5("bob", "builder"),
            Signer.Md5(timed.Username, timed.Password), Signer.Md5("bob", "builder", isSha256: true), Signer.Md5("nobody", "nothing"),
        ];
    }

    /// <summary>One run: what the clients of the paths know.</summary>
    sealed class Play(TurnWorld world, StunTarget target)
    {
        readonly byte[][] _nonces = new byte[Paths.Length][];
        readonly bool[] _known = new bool[Paths.Length];
        byte[] _last = [];
        int _lastPath;
        byte[] _ticket = [];
        byte[] _reservation = [];

        public TurnWorld World => world;

        public void Take(Step step)
        {
            var path = step.Arg & 3;
            switch ((Kind)(step.Kind % target.Kinds))
            {
                case Kind.Raw:
                    Unproved(path, step.Bytes);
                    break;
                case Kind.Proved:
                    Proved(step, path, step.Bytes);
                    break;
                case Kind.WithGiven:
                    Proved(step, path, Given(step.Bytes));
                    break;
                case Kind.Again when _last.Length > 0 && path != _lastPath:
                    // A nonce is bound to its source.
                    Unproved(path, _last);
                    break;
                case Kind.Again when _last.Length > 0:
                    world.FromClient(Paths[path], _last);
                    break;
                case Kind.Peer or Kind.Icmp when world.Opened.Count > 0:
                    FromPeer(step);
                    break;
                case Kind.Time:
                    world.Pass(TimeSpan.FromSeconds((step.Arg & 31) * (step.Arg & 31)));
                    break;
                case Kind.Outside:
                    world.Outside = step.Arg & 3;
                    break;
            }

            world.CheckBooks();
        }

        void Unproved(int path, byte[] message)
        {
            var sessions = world.Ledger.Sessions().Length;
            // From where a client has moved to, what it sends unproved ends the way it came from (RFC 8016 §3.3).
            if (_known[path]) world.FromClient(Paths[path], message);
            else world.FromStranger(Paths[path], message);
            if (world.Left.Length >= 20 && message.Length >= 20 && message[0] < 4)
                Finding.Unless(Incoming.Read(world.Left) is not { IsSuccess: true, MethodNumber: not Method.Binding },
                    "nothing succeeds unproved");
            Finding.Unless(sessions == world.Ledger.Sessions().Length, "nothing begins or ends unproved");
        }

        void Proved(Step step, int path, byte[] template)
        {
            var signer = Signers[((step.Arg >> 2) & 7) % Signers.Length];
            _nonces[path] ??= Nonce(path);
            if (_nonces[path].Length == 0) return;
            _last = signer.Sign(template, _nonces[path], hasFingerprint: (step.Arg & 32) != 0);
            _lastPath = path;
            var forward = world.FromClient(Paths[path], _last);
            if (forward.Kind != ForwardKind.ToClient || Incoming.Read(world.Left) is not { } answer) return;
            if (answer.Error == 438) _nonces[path] = answer.Get(Attr.Nonce) ?? [];
            if (answer is { IsSuccess: true, MethodNumber: not Method.Binding })
            {
                Finding.Unless(signer.Username != "nobody", "nobody gets nothing");
                _known[path] = true;
                Finding.Unless(signer.Proved(answer), "a success is proved by the key of the request");
                _ticket = answer.Get(Attr.MobilityTicket) ?? _ticket;
                _reservation = answer.Get(Attr.ReservationToken) ?? _reservation;
            }

            Finding.Unless(!target.IsPlanted || answer.Error != 420, "planted: a proved request is not answered 420");
        }

        /// <summary>The template without what it has of these, and with what the server gave.</summary>
        byte[] Given(byte[] template)
        {
            List<byte> bytes = [.. template];
            while (bytes.Count < 20 || bytes.Count % 4 != 0) bytes.Add(0);
            var read = Incoming.Read([.. bytes]);
            if (read is null) return template;
            List<byte> made = [.. bytes[..20]];
            foreach (var attribute in read.Attributes)
            {
                var value = attribute.Type switch
                {
                    Attr.MobilityTicket when _ticket.Length > 0 => _ticket,
                    Attr.ReservationToken when _reservation.Length > 0 => _reservation,
                    _ => attribute.Value,
                };
                made.AddRange([(byte)(attribute.Type >> 8), (byte)attribute.Type, (byte)(value.Length >> 8), (byte)value.Length, .. value]);
                while (made.Count % 4 != 0) made.Add(0);
            }

            return [.. made];
        }

        byte[] Nonce(int path)
        {
            world.FromClient(Paths[path], Templates.Allocate);
            return Incoming.Read(world.Left)?.Get(Attr.Nonce) ?? [];
        }

        void FromPeer(Step step)
        {
            var relay = world.Opened.OrderBy(one => one.Value).ElementAt((step.Arg >> 2) % world.Opened.Count);
            var peer = Peers[step.Arg & 3];
            if ((Kind)(step.Kind % target.Kinds) == Kind.Icmp)
            {
                if (step.Bytes.Length < 4) return;
                world.FromIcmp(relay, peer, new(step.Bytes[0], step.Bytes[1], (uint)((step.Bytes[2] << 8) | step.Bytes[3])));
                Finding.Unless(world.Left.Length == 0 || Incoming.Read(world.Left) is { ClassBits: Class.Indication },
                    "ICMP is told by an indication");
                return;
            }

            world.FromPeer(relay, peer, step.Bytes);
            Finding.Unless(world.Left.Length <= step.Bytes.Length + 20 + 12 + 12 + 4 + 3, "a peer's bytes grow by a head alone");
        }
    }
}
