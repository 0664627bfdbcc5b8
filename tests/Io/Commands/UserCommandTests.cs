using Portunus.Store.Access;
using Portunus.Tests.Io.Serve;
using Portunus.Waf.Authorize;

namespace Portunus.Tests.Io.Commands;

public sealed class UserCommandTests : IDisposable
{
    readonly ConfigurationFolder _folder = new();
    readonly string _config;

    public UserCommandTests() => _config = _folder.Write("waf.json", """
        { "domain": "ims.example.net", "data": "data",
          "waf": { "issuer": "http://localhost:8080/", "listen": "127.0.0.1:8080", "clients": [] } }
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_user_is_kept_with_a_hash_given_another_password_and_taken_away()
    {
        Assert.Equal(0, Run("add", "alice", "--password", Secret("first", "a first password")).ExitCode);
        var alice = await FindAsync("alice");
        Assert.Equal(("alice@ims.example.net", "sip:alice@ims.example.net"), (alice!.Impi, Assert.Single(alice.Impus)));
        Assert.True(Passwords().Check(alice, "a first password"));

        Assert.Equal(0, Run("add", "alice", "--password", Secret("second", "another password"), "--private-user", "a1@ims.example.net",
            "--identity", "sip:a1@ims.example.net", "--identity", "tel:+4912345").ExitCode);
        alice = await FindAsync("alice");
        Assert.Equal("a1@ims.example.net", alice!.Impi);
        Assert.Equal(["sip:a1@ims.example.net", "tel:+4912345"], alice.Impus);
        Assert.False(Passwords().Check(alice, "a first password"));
        Assert.True(Passwords().Check(alice, "another password"));

        Assert.Equal(0, Run("remove", "alice").ExitCode);
        Assert.Null(await FindAsync("alice"));
        var (code, _, errors) = Run("remove", "alice");
        Assert.Equal((1, "portunus: There is no user alice; names are compared to the letter."), (code, errors));
    }

    [Fact]
    public void A_short_password_is_refused_and_a_hash_is_one_that_a_site_takes()
    {
        var (code, output, errors) = Run("add", "alice", "--password", Secret("short", "1234567"));
        Assert.Equal((1, "", "portunus: --password: write 8 to 200 characters."), (code, output, errors));
        (code, output, _) = PortunusProcess.Run(["user", "hash", "--password", Secret("first", "a first password")]);
        Assert.Equal(0, code);
        Assert.True(Portunus.Waf.Authorize.Passwords.IsHash(output.Trim()));
        Assert.True(Passwords().Check(new("anybody", output.Trim(), "", []), "a first password"));
    }

    static Passwords Passwords() => new(1000);

    string Secret(string name, string text) => $"@{_folder.Write(name, text)}";

    (int ExitCode, string Output, string Errors) Run(string verb, string name, params string[] more) =>
        PortunusProcess.Run(["user", verb, name, "--config", _config, .. more]);

    async Task<UserRecord?> FindAsync(string name)
    {
        using var store = AccessStore.OpenFolder(Path.Combine(_folder.Path, "data"));
        return await store.FindUserAsync(name, TestContext.Current.CancellationToken);
    }
}
