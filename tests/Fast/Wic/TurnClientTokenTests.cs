using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Tests.Fast.Turn;
using Portunus.Turn;
using Portunus.Wic;
using TurnClient = Portunus.Wic.TurnClient;

namespace Portunus.Tests.Fast.Wic;

/// <summary>The client's side of RFC 7635, against our server's rules.</summary>
public sealed class TurnClientTokenTests
{
    static readonly TransportAddress Peer = TurnStand.IP("9.9.9.9:9");

    [Theory]
    [InlineData(20, Integrity.Sha1)]
    [InlineData(32, Integrity.Sha256)]
    public void A_token_is_sent_after_the_401_that_offers_it_and_only_with_Allocate_and_Refresh(
        int macLength, Integrity integrity)
    {
        var pair = new Pair(TokenClient.Stand(), stand => new() { Token = Token(stand, macLength: macLength) });
        pair.Allocate();
        pair.Client.Permit(pair.Now, Peer);
        pair.Client.Bind(pair.Now, Peer);
        pair.Client.Release(pair.Now);
        pair.Run();
        Assert.Equal(
            [
                (StunMethod.Allocate, false, Integrity.None), (StunMethod.Allocate, true, integrity),
                (StunMethod.CreatePermission, false, integrity), (StunMethod.ChannelBind, false, integrity),
                (StunMethod.Refresh, true, integrity),
            ], pair.Sent);
        Assert.IsType<TurnClientEffect.Ended>(pair.Effects[^1]);
        Assert.Empty(pair.Effects.OfType<TurnClientEffect.Failed>());
    }

    [Fact]
    public void Where_both_can_be_had_the_token_takes_precedence_over_the_password()
    {
        var pair = new Pair(TokenClient.Stand(),
            stand => new() { Username = "alice", Password = "wonderland", Token = Token(stand) });
        pair.Allocate();
        Assert.Equal(CredentialKind.Token, pair.Stand.Ledger.Sessions().Single().Subject.Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_the_server_takes_no_token_or_another_servers_the_password_goes(bool takesTokens)
    {
        var pair = new Pair(takesTokens ? TokenClient.Stand() : new(),
            stand => new() { Username = "alice", Password = "wonderland", Token = Token(stand, server: "turn2") });
        pair.Allocate();
        Assert.Equal(CredentialKind.Static, pair.Stand.Ledger.Sessions().Single().Subject.Kind);
        // The allocation is the password's now; a token does not take it over.
        Assert.True(pair.Client.Renew(pair.Now, Token(pair.Stand)));
        pair.Run();
        pair.Pass(4000);
        Assert.NotNull(pair.Client.Relayed);
    }

    [Fact]
    public void A_new_token_under_a_new_kid_carries_the_allocation_on()
    {
        var pair = new Pair(TokenClient.Stand(), stand => new() { Token = Token(stand, lifetime: 300) });
        pair.Allocate();
        pair.Client.Bind(pair.Now, Peer);
        pair.Run();
        for (var i = 0; i < 4; i++)
        {
            pair.Pass(200);
            Assert.True(pair.Client.Renew(pair.Now, Token(pair.Stand, i % 2 == 0 ? TokenClient.Second : null, lifetime: 300)));
            pair.Run();
        }

        Assert.NotNull(pair.Client.Relayed);
        Assert.Empty(pair.Effects.OfType<TurnClientEffect.Failed>());
        Assert.Single(pair.Stand.Ledger.Sessions());
        pair.Pass(400);
        Assert.Null(pair.Client.Relayed);
    }

    [Fact]
    public void What_is_asked_while_a_new_token_is_on_its_way_still_goes_by_the_old_one()
    {
        var pair = new Pair(TokenClient.Stand(), stand => new() { Token = Token(stand) });
        pair.Allocate();
        pair.Client.Renew(pair.Now, Token(pair.Stand, TokenClient.Second));
        pair.Client.Permit(pair.Now, Peer);
        // The two requests arrive the other way round.
        pair.Run(reversed: true);
        Assert.Equal(Peer, Assert.Single(pair.Effects.OfType<TurnClientEffect.Admitted>()).Peer);
        Assert.Empty(pair.Effects.OfType<TurnClientEffect.Failed>());
    }

    [Fact]
    public void A_token_that_ends_between_fetch_and_use_is_told_from_one_that_is_refused()
    {
        Assert.Equal(TurnClientFailure.TokenExpired, Failure(TokenClient.Stand(), stand => Token(stand, lifetime: 60), wait: 70));
        Assert.Equal(TurnClientFailure.TokenRefused, Failure(TokenClient.Stand(), stand => Token(stand) with { Kid = "nobody" }));
        Assert.Equal(TurnClientFailure.TokenForAnother, Failure(TokenClient.Stand(), stand => Token(stand, server: "turn2")));
        Assert.Equal(TurnClientFailure.TokenUnwanted, Failure(new(), stand => Token(stand)));
        Assert.Equal(TurnClientFailure.TokenMalformed,
            Failure(TokenClient.Stand(), stand => Token(stand) with { MacKey = Bytes.Utf8("short") }));
        Assert.Equal(TurnClientFailure.TokenMalformed,
            Failure(TokenClient.Stand(), stand => Token(stand) with { AccessToken = Bytes.Copy(new byte[2000]) }));
    }

    [Fact]
    public void A_token_that_ends_during_a_call_is_reported_as_such()
    {
        var pair = new Pair(TokenClient.Stand(), stand => new() { Token = Token(stand, lifetime: 300) });
        pair.Allocate();
        Assert.False(pair.Client.Renew(pair.Now, Token(pair.Stand) with { MacKey = Bytes.Empty }));
        pair.Pass(310);
        var failed = Assert.Single(pair.Effects.OfType<TurnClientEffect.Failed>());
        Assert.Equal(TurnClientFailure.TokenExpired, failed.Cause);
        Assert.IsType<TurnClientEffect.Ended>(pair.Effects[^1]);
        Assert.Empty(pair.Stand.Ledger.Sessions());
    }

    [Fact]
    public void A_client_that_awaits_a_token_hears_for_whom_and_goes_on_with_it()
    {
        var pair = new Pair(TokenClient.Stand(), _ => new() { AwaitsToken = true });
        pair.Client.Allocate(pair.Now);
        pair.Run();
        Assert.Equal(TokenClient.Server, Assert.IsType<TurnClientEffect.TokenWanted>(Assert.Single(pair.Effects)).ServerName);
        // A person may take their time at a WAF.
        pair.Pass(120);
        Assert.Single(pair.Sent);
        Assert.True(pair.Client.Renew(pair.Now, Token(pair.Stand)));
        pair.Run();
        Assert.NotNull(pair.Client.Relayed);
        Assert.Equal([(StunMethod.Allocate, false, Integrity.None), (StunMethod.Allocate, true, Integrity.Sha1)], pair.Sent);
    }

    [Fact]
    public void A_token_for_another_server_than_the_one_that_asked_ends_it()
    {
        var pair = new Pair(TokenClient.Stand(), _ => new() { AwaitsToken = true });
        pair.Client.Allocate(pair.Now);
        pair.Run();
        pair.Client.Renew(pair.Now, Token(pair.Stand, server: "turn2"));
        pair.Run();
        Assert.Equal(TurnClientFailure.TokenForAnother, Assert.Single(pair.Effects.OfType<TurnClientEffect.Failed>()).Cause);
        Assert.IsType<TurnClientEffect.Ended>(pair.Effects[^1]);
    }

    [Fact]
    public void A_client_that_awaits_a_token_of_a_server_that_takes_none_fails_and_one_that_leaves_ends()
    {
        var none = new Pair(new(), _ => new() { AwaitsToken = true });
        none.Client.Allocate(none.Now);
        none.Run();
        Assert.Equal(TurnClientFailure.TokenUnwanted, Assert.Single(none.Effects.OfType<TurnClientEffect.Failed>()).Cause);

        var leaves = new Pair(TokenClient.Stand(), _ => new() { AwaitsToken = true });
        leaves.Client.Allocate(leaves.Now);
        leaves.Run();
        leaves.Client.Release(leaves.Now);
        leaves.Run();
        Assert.IsType<TurnClientEffect.Ended>(leaves.Effects[^1]);
        Assert.Single(leaves.Sent);
    }

    [Fact]
    public void A_stale_nonce_is_replaced_and_the_token_stays()
    {
        var pair = new Pair(
            new(TurnStand.Ordinary with { NonceLifetime = TimeSpan.FromMinutes(1) }, new CredentialVerifier(TokenClient.Sources)),
            stand => new() { Token = Token(stand) });
        pair.Allocate();
        pair.Pass(1000);
        Assert.NotNull(pair.Client.Relayed);
        Assert.NotEqual(0, pair.Stand.Server.Counters.Errors(438));
    }

    static TurnClientFailure Failure(TurnStand stand, Func<TurnStand, IssuedToken> token, int wait = 0)
    {
        var pair = new Pair(stand, s => new() { Token = token(s) });
        pair.Client.Allocate(pair.Now);
        // By the client's clock its token is over, too, when it had it before.
        if (wait > 0) stand.Pass(wait);
        pair.Run();
        Assert.IsType<TurnClientEffect.Ended>(pair.Effects[^1]);
        Assert.Empty(stand.Ledger.Sessions());
        return Assert.Single(pair.Effects.OfType<TurnClientEffect.Failed>()).Cause;
    }

    static IssuedToken Token(
        TurnStand stand, TokenKey? key = null, uint lifetime = 3600, int macLength = 20, string server = TokenClient.Server)
    {
        var (kid, mac, token) = TokenClient.Mint(stand.Now, key, lifetime, macLength: macLength, server: server);
        return new(kid, Bytes.Copy(mac), Bytes.Copy(token), server, lifetime);
    }

    /// <summary>Our client and our server's rules, and nothing between them.</summary>
    sealed class Pair
    {
        readonly ClientPath _path = new(
            new(TurnStand.IP("203.0.113.77:40000"), TurnStand.IP("198.41.0.4:3478"), ClientTransport.Udp), 0);

        public Pair(TurnStand stand, Func<TurnStand, TurnClientSettings> settings) =>
            (Stand, Client) = (stand, new(settings(stand), new SeededRandom(5)));

        public TurnStand Stand { get; }

        public TurnClient Client { get; }

        public Instant Now => Stand.Now;

        public List<TurnClientEffect> Effects { get; } = [];

        /// <summary>Each request: its method, whether it had a token, and its integrity.</summary>
        public List<(StunMethod, bool, Integrity)> Sent { get; } = [];

        public void Allocate()
        {
            Client.Allocate(Now);
            Run();
            Assert.Single(Effects.OfType<TurnClientEffect.Allocated>());
        }

        /// <summary>Carries datagrams until there are none.</summary>
        public void Run(bool reversed = false)
        {
            while (true)
            {
                List<byte[]> datagrams = [];
                while (Client.TryTake(out var effect))
                    if (effect is TurnClientEffect.ToServer { Datagram: var datagram }) datagrams.Add(datagram.ToArray());
                    else Effects.Add(effect);
                if (datagrams.Count == 0) return;
                if (reversed) datagrams.Reverse();
                foreach (var datagram in datagrams) Carry(datagram);
            }
        }

        /// <summary>Time passes for both.</summary>
        public void Pass(int seconds)
        {
            var end = Now + TimeSpan.FromSeconds(seconds);
            while (Client.NextDeadline is { } due && due <= end)
            {
                Stand.Pass(due - Now);
                Client.OnDeadline(Now);
                Run();
            }

            Stand.Pass(end - Now);
        }

        void Carry(byte[] datagram)
        {
            Assert.True(StunMessage.TryParse(datagram, out var request, out _));
            Sent.Add((request.Method, request.Has(AttributeType.AccessToken), request.Integrity));
            var reply = Stand.Send(_path, datagram);
            if (reply.Forward.Kind == ForwardKind.ToClient) Client.OnServer(Now, reply.Bytes);
        }
    }
}
