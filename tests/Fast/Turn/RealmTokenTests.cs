using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;
using static Portunus.Tests.Fast.Turn.RealmStand;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Access tokens in a server with several realms: the kid says whose a token is.</summary>
public class RealmTokenTests
{
    readonly TurnStand _stand = New(WithTokens);

    [Fact]
    public void Each_realm_asks_for_tokens_under_its_own_name_or_for_none()
    {
        var client = new TurnClient(_stand);
        Assert.Equal(TokenClient.Server, client.Bare(StunMethod.Allocate).ServerName);
        Assert.Equal(Tenant, client.Bare(StunMethod.Allocate, From(TenantOrigin)).ServerName);
        Assert.Null(client.Bare(StunMethod.Allocate, From(OtherOrigin)).ServerName);
    }

    [Fact]
    public void A_token_is_of_the_realm_of_its_key_whatever_its_client_was_challenged_with()
    {
        var client = new TokenClient(_stand);
        client.Take(OfTenant());
        Assert.Equal(0, client.Allocate().Code);
        Assert.Equal(Tenant, _stand.Ledger.Sessions().Single().Realm);
        Assert.Equal(TokenClient.Subject("grant001") with { Realm = Tenant }, _stand.Ledger.Sessions().Single().Subject);
        Assert.Equal(0, client.Permit("9.9.9.9:0").Code);
        Assert.Equal(0, client.Bind(0x4000, "9.9.9.9:9").Code);
        Assert.Equal(0, client.Refresh(withToken: false).Code);
    }

    [Fact]
    public void A_new_token_of_the_same_realm_refreshes_and_one_of_another_realm_is_441()
    {
        var client = new TokenClient(_stand);
        client.Take(OfTenant());
        Assert.Equal(0, client.Allocate().Code);
        client.Take(OfTenant("grant002"));
        Assert.Equal(0, client.Refresh().Code);
        client.Take(TokenClient.Mint(_stand.Now));
        Assert.Equal(441, client.Refresh().Code);
        Assert.Equal(Tenant, _stand.Ledger.Sessions().Single().Realm);
    }

    [Fact]
    public void A_token_that_was_made_for_another_realms_name_does_not_open()
    {
        var client = new TokenClient(_stand);
        client.Take(TokenClient.Mint(_stand.Now, TenantKey, server: TokenClient.Server));
        Assert.Equal(401, client.Allocate().Code);
    }

    [Fact]
    public void A_kid_that_two_realms_have_is_refused_at_the_start()
    {
        var twice = WithTokens with { Further = [WithTokens.Further[0] with { TokenKeys = [new(TokenClient.First)] }] };
        Assert.Contains(TokenClient.First.Kid, Assert.Throws<ArgumentException>(() => new CredentialVerifier(twice)).Message);
    }

    (string Kid, byte[] MacKey, byte[] Token) OfTenant(string id = "grant001") =>
        TokenClient.Mint(_stand.Now, TenantKey, id: id, server: Tenant);
}
