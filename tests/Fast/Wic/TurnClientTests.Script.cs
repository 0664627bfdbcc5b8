using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Wic;
using TransactionId = Portunus.Stun.TransactionId;

namespace Portunus.Tests.Fast.Wic;

public sealed partial class TurnClientTests
{
    /// <summary>A server that answers what the test tells it to.</summary>
    sealed class Script
    {
        public const string Username = "1999999999:0123456789ab";
        public const string Password = "a secret";
        public const string Realm = "ims.example.net";
        public static readonly TransportAddress Relayed = TransportAddress.IPv4(0xC6336401, 50000);
        static readonly TransportAddress Mapped = TransportAddress.IPv4(0xC6336402, 1234);

        public Script(bool old = false) => Client = new(
            new TurnClientSettings { Username = Username, Password = Password, Rfc5389Only = old }, new SeededRandom(1));

        public TurnClient Client { get; }

        public Instant Now { get; private set; } = Instant.FromUnixSeconds(1_800_000_000);

        public string Nonce { get; set; } = "obMatJos2gAAAnonce";

        public ushort[] Algorithms { get; init; } = [2, 1];

        public PasswordAlgorithm Algorithm { get; init; } = PasswordAlgorithm.Sha256;

        public IntegrityKey Key
        {
            get
            {
                Assert.True(LongTermKey.TryDerive(Algorithm, Username, Realm, Password, out var key));
                return new IntegrityKey(key.Span);
            }
        }

        public static Script Allocated()
        {
            var server = new Script();
            server.Client.Allocate(server.Now);
            server.Challenge(server.Take().TransactionId);
            server.Grant(server.Take().TransactionId);
            Assert.IsType<TurnClientEffect.Allocated>(server.Effect());
            return server;
        }

        public TurnClientEffect? Effect() => Client.TryTake(out var effect) ? effect : null;

        public StunMessage Take()
        {
            var sent = Assert.IsType<TurnClientEffect.ToServer>(Effect());
            Assert.True(StunMessage.TryParse(sent.Datagram.Span, out var message, out _));
            return message;
        }

        public void Wait()
        {
            Now = Client.NextDeadline!.Value;
            Client.OnDeadline(Now);
            Assert.True(Client.NextDeadline is null || Client.NextDeadline > Now);
        }

        public void Challenge(TransactionId id, ErrorCode code = ErrorCode.Unauthenticated)
        {
            var writer = new StunWriter(new byte[500], StunClass.Error, StunMethod.Allocate, id);
            writer.AddErrorCode(code);
            writer.Add(AttributeType.Realm, System.Text.Encoding.UTF8.GetBytes(Realm));
            writer.Add(AttributeType.Nonce, System.Text.Encoding.UTF8.GetBytes(Nonce));
            if (Algorithms.Length > 0) writer.AddPasswordAlgorithms(Algorithms);
            Client.OnServer(Now, writer.Written);
        }

        public void Grant(TransactionId id, IntegrityKey? key = null) =>
            Reply(id, StunClass.Success, sign: key ?? Key, lifetime: 600);

        public void Reply(
            TransactionId id, StunClass kind, ErrorCode code = default, IntegrityKey? sign = null, uint? lifetime = null,
            StunMethod method = StunMethod.Allocate, TransportAddress? alternate = null)
        {
            var writer = new StunWriter(new byte[500], kind, method, id);
            if (kind == StunClass.Error) writer.AddErrorCode(code);
            if (alternate is { } server) writer.AddAddress(AttributeType.AlternateServer, server);
            if (kind == StunClass.Success && method == StunMethod.Allocate)
            {
                writer.AddXorAddress(AttributeType.XorRelayedAddress, Relayed);
                writer.AddXorAddress(AttributeType.XorMappedAddress, Mapped);
            }

            if (lifetime is { } seconds) writer.AddLifetime(seconds);
            if (sign is not null) writer.AddIntegrity(Algorithms.Length > 0 ? Integrity.Sha256 : Integrity.Sha1, sign);
            Client.OnServer(Now, writer.Written);
        }

        public void Data(TransportAddress peer, ReadOnlySpan<byte> payload)
        {
            var id = TransactionId.Draw(new SeededRandom(3));
            var writer = new StunWriter(new byte[500], StunClass.Indication, StunMethod.Data, id);
            writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
            writer.Add(AttributeType.Data, payload);
            Client.OnServer(Now, writer.Written);
        }
    }
}
