using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;
using static Portunus.Tests.Fast.Turn.RealmStand;

namespace Portunus.Tests.Fast.Turn;

/// <summary>ORIGIN (draft-ietf-tram-stun-origin) chooses which realm a client is challenged with, and nothing else.</summary>
public class OriginTests
{
    readonly TurnStand _stand = New();
    readonly TurnClient _client;

    public OriginTests() => _client = new(_stand);

    [Theory]
    [InlineData(TenantOrigin, Tenant)]
    [InlineData(OtherOrigin, Other)]
    [InlineData("https://www.example.com", Other)]
    [InlineData("https://nobody.example.org", First)]
    [InlineData("null", First)]
    public void The_origin_of_a_stranger_chooses_the_realm_of_its_401(string origin, string realm)
    {
        var reply = _client.Bare(StunMethod.Allocate, From(origin));
        Assert.Equal((401, realm), (reply.Code, reply.Realm));
    }

    [Fact]
    public void Without_an_origin_it_is_the_first_realm() => Assert.Equal(First, _client.Bare(StunMethod.Allocate).Realm);

    [Theory]
    [InlineData("HTTPS://app.tenant.example.org")]
    [InlineData("https://app.tenant.example.org/")]
    [InlineData("https://app.tenant.example.org:443")]
    [InlineData("https://app.tenant.example.org\0")]
    [InlineData("https://app.tenant.example.org.evil.example")]
    [InlineData("app.tenant.example.org")]
    public void An_origin_is_compared_byte_by_byte_as_browsers_serialize_it(string origin) =>
        Assert.Equal(First, _client.Bare(StunMethod.Allocate, From(origin)).Realm);

    [Theory]
    [InlineData(0)]
    [InlineData(267)]
    [InlineData(268)]
    [InlineData(1400)]
    public void Whatever_stands_in_it_the_challenge_is_the_one_without_it(int length)
    {
        var without = _client.Bare(StunMethod.Allocate);
        byte[] hostile = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];
        var with = _client.Bare(StunMethod.Allocate, From(hostile));
        Assert.Equal((without.Code, without.Realm, without.Length), (with.Code, with.Realm, with.Length));
    }

    [Fact]
    public void The_longest_origin_has_267_bytes_and_a_longer_one_is_none()
    {
        var longest = $"https://{new string('a', 253)}:65535"[..267];
        var stand = New(Sources with { Further = [Sources.Further[0] with { Origins = [longest] }] });
        var client = new TurnClient(stand);
        Assert.Equal(Tenant, client.Bare(StunMethod.Allocate, From(longest)).Realm);
        Assert.Equal(First, client.Bare(StunMethod.Allocate, From(longest + "a")).Realm);
        Assert.Throws<ArgumentException>(() =>
            New(Sources with { Further = [Sources.Further[0] with { Origins = [longest + "a"] }] }));
    }

    [Fact]
    public void Of_several_origins_the_first_that_is_known_counts_among_the_first_eight()
    {
        Assert.Equal(Other, Said("https://frame.example", OtherOrigin, TenantOrigin));
        Assert.Equal(Tenant, Said("", new('x', 268), TenantOrigin));
        Assert.Equal(Tenant, Said([.. Enumerable.Repeat("https://frame.example", 7), TenantOrigin]));
        Assert.Equal(First, Said([.. Enumerable.Repeat("https://frame.example", 8), TenantOrigin]));

        string? Said(params string[] origins) => _client.Bare(StunMethod.Allocate, (ref StunWriter w) =>
        {
            foreach (var origin in origins) w.Add(AttributeType.Origin, Encoding.UTF8.GetBytes(origin));
        }).Realm;
    }

    [Fact]
    public void The_challenge_names_a_realm_and_repeats_no_origin()
    {
        var reply = _client.Bare(StunMethod.Allocate, From(TenantOrigin));
        Assert.False(reply.Has(AttributeType.Origin));
        // As the_401_to_a_stranger of the first realm, and the difference of the names, padded to words.
        Assert.Equal(104 - Padded(First) + Padded(Tenant), reply.Length);

        static int Padded(string name) => (name.Length + 3) / 4 * 4;
    }

    [Fact]
    public void An_origin_pins_nothing_who_was_challenged_with_one_realm_may_come_to_another()
    {
        Assert.Equal(Tenant, _client.Bare(StunMethod.Allocate, From(TenantOrigin)).Realm);
        Assert.Equal(Other, _client.Bare(StunMethod.Allocate, From(OtherOrigin)).Realm);
        Assert.Equal(0, _client.Allocate().Code);
        Assert.Equal(First, _stand.Ledger.Sessions().Single().Realm);
    }

    [Fact]
    public void A_proved_request_is_of_the_realm_that_it_names_whatever_its_origin()
    {
        var client = Client(_stand, Tenant, "looking-glass");
        Assert.Equal(0, client.Allocate(From(OtherOrigin)).Code);
        Assert.Equal(Tenant, _stand.Ledger.Sessions().Single().Realm);
        Assert.Equal(0, client.Ask(StunMethod.Refresh, From("https://nobody.example.org")).Code);
        Assert.Equal(0, client.Refresh().Code);
    }

    [Fact]
    public void A_realm_that_is_none_of_ours_is_challenged_anew_by_the_origin()
    {
        _client.Nonce = _client.Bare(StunMethod.Allocate).Nonce;
        _client.Realm = "nobody.example.net";
        var reply = _client.Allocate();
        Assert.Equal((401, First), (reply.Code, reply.Realm));
        reply = _client.Allocate(From(TenantOrigin));
        Assert.Equal((438, Tenant), (reply.Code, reply.Realm));
        _client.Nonce = reply.Nonce;
        reply = _client.Allocate(From(TenantOrigin));
        Assert.Equal((401, Tenant), (reply.Code, reply.Realm));
        Assert.Empty(_stand.Asked);
    }

    [Fact]
    public void A_Binding_is_answered_as_ever_and_a_Send_moved() =>
        Assert.Equal(
            _client.Bare(StunMethod.Binding).Length, _client.Bare(StunMethod.Binding, From(TenantOrigin)).Length);

    [Fact]
    public void A_flood_of_origins_leaves_nothing_behind_and_makes_no_object()
    {
        var path = _client.Path;
        var head = new byte[TurnServer.HeadSize];
        byte[][] messages =
        [
            .. new[] { TenantOrigin, OtherOrigin, "https://nobody.example.org", new string('x', 267), new string('y', 1000), "" }
                .Select(origin => _client.Write(StunClass.Request, StunMethod.Allocate, From(origin))),
        ];
        var (turn, answered) = (0, true);
        Assert.Equal(0, Heap.TakenBy(() =>
            answered &= _stand.Server.OnClient(_stand.Now, path, messages[turn++ % messages.Length], head).Kind == ForwardKind.ToClient));
        Assert.True(answered);
        Assert.Equal(0, _stand.Server.Kept);
        Assert.Equal(0, _stand.Ledger.Kept(_stand.Now));
    }
}
