using System.Net;
using Portunus.Credentials;
using Portunus.Sip;
using Portunus.Tests.Interop.Coturn;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Kamailio;

namespace Portunus.Tests.Interop.Ims;

/// <summary>
/// Kamailio's module auth_ephemeral takes what <c>portunus credentials mint</c> makes of the same secret: one secret serves TURN
/// servers and SIP servers.
/// </summary>
public sealed class EphemeralTests
{
    const string Realm = "example.net";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("sha1", 0)]
    [InlineData("sha256", 1)]
    public async Task A_minted_credential_is_a_SIP_password_and_none_that_is_edited_or_of_another_secret(string hash, int theirs)
    {
        var folder = Directory.CreateTempSubdirectory("ephemeral-");
        try
        {
            var server = new IPEndPoint(IPAddress.Loopback, LoopbackPorts.Free(1)[0]);
            Template.Fill("ephemeral.cfg", Path.Combine(folder.FullName, "ephemeral.cfg"), new Dictionary<string, string>
            {
                ["PORT"] = $"{server.Port}", ["REALM"] = Realm, ["SHA"] = $"{theirs}", ["READY"] = KamailioProgram.ReadyLine,
                ["SECRET"] = "north", ["OLD_SECRET"] = "south",
            });
            using var kamailio = new KamailioProgram("ephemeral", folder.FullName);
            var first = Task.WhenAny(kamailio.Ready, kamailio.Ended);
            Assert.True(await first.WaitAsync(Patience, TestContext.Current.CancellationToken) == kamailio.Ready, kamailio.Log);

            var good = MintedCredential.Of($"{hash}:north");
            Assert.Equal(200, await TryAsync(server, good));
            Assert.Equal(200, await TryAsync(server, MintedCredential.Of($"{hash}:south")));
            Assert.Equal(401, await TryAsync(server, MintedCredential.Of($"{hash}:west")));
            var expiry = long.Parse(good.Name.Split(':')[0], null);
            Assert.Equal(401, await TryAsync(server, good with { Name = $"{expiry + 1}:4f9c2d7e1b6a" }));
            Assert.Equal(401, await TryAsync(server, Expired($"{hash}:north", expiry - 3600)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static MintedCredential Expired(string text, long expiry)
    {
        Assert.True(SharedSecret.TryParse(text, out var secret));
        var minted = TimeLimitedCredential.Mint(secret, expiry, "4f9c2d7e1b6a");
        return new(minted.Username, minted.Password);
    }

    /// <summary>The status of a REGISTER that answers the challenge with a credential.</summary>
    static async Task<int> TryAsync(IPEndPoint server, MintedCredential credential)
    {
        using var client = new MwClient(IPAddress.Loopback);
        var (uri, user) = ($"sip:{Realm}", $"sip:alice@{Realm}");
        var challenge = DigestChallenge.Choose(await client.AskAsync(client.Request("REGISTER", uri, user, user), server));
        Assert.NotNull(challenge);
        var secret = DigestSecret.Of(DigestAlgorithm.Md5, credential.Name, Realm, credential.Password);
        var answered = client.Request("REGISTER", uri, user, user);
        answered.Add(HeaderName.Authorization, DigestCredentials.Answer(
            challenge, credential.Name, secret, "REGISTER", uri, MwClient.Token(), 1));
        return (await client.AskAsync(answered, server)).Status;
    }
}
