using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Nodes;
using Portunus.Nodes.Enrol;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Io.Commands;

/// <summary>A certificate for a node by a code that is good once, over real sockets.</summary>
public sealed class EnrolCommandTests : IDisposable
{
    const string Turn = "turn1.ims.example.net";

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;
    readonly ManualTime _time = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_TURN_server_enrols_by_command_and_fetches_its_keys_with_no_change_at_the_WAF()
    {
        var ca = In("ca");
        Run("enrol", "ca", "--data", ca);
        using var authority = PortunusProcess.Serve("enrol", "serve", "--data", ca, "--listen", "127.0.0.1:0");
        var url = $"https://{authority.Output[0].Split(' ')[^1]}";
        Run("enrol", "join", Invite("waf.ims.example.net"), "--url", url, "--out", In("waf"));
        var config = Write("waf.json", $$"""
            { "domain": "ims.example.net", "data": "data",
              "waf": { "issuer": "https://waf.ims.example.net/", "listen": "127.0.0.1:0", "clients": [],
                "certificate": "waf/waf.ims.example.net.pem", "certificateKey": "waf/waf.ims.example.net-key.pem",
                "mutualTls": { "listen": "127.0.0.1:0", "authorities": "waf/operator-ca.pem" }, "turnServers": ["*.ims.example.net"] } }
            """);
        using var waf = PortunusProcess.Serve("serve", "--config", config);

        var code = Invite(Turn);
        Run("enrol", "join", code, "--url", url, "--out", In("turn"));
        Assert.Equal(HttpStatusCode.OK, await FetchAsync(waf, Joined("turn", Turn)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(In("turn"), $"{Turn}-key.pem")));
        }


        var (exit, _, errors) = PortunusProcess.Run(["enrol", "join", code, "--url", url, "--out", In("again")]);
        Assert.Equal(1, exit);
        Assert.Contains("The code is not good", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("again")));

        // Another authority's certificate of the same name, and one of ours outside the pattern.
        using var other = new Tls.Authority();
        var foreign = other.Client(Turn);
        Assert.Null(await FetchAsync(waf, X509Certificate2.CreateFromPemFile(foreign.Certificate, foreign.Key)));
        Run("enrol", "join", Invite("turn1.elsewhere.net"), "--url", url, "--out", In("outside"));
        Assert.Equal(HttpStatusCode.Forbidden, await FetchAsync(waf, Joined("outside", "turn1.elsewhere.net"), "turn1.elsewhere.net"));
        var kept = authority.Errors + await File.ReadAllTextAsync(Path.Combine(ca, "invitations.json"), Stop);
        Assert.DoesNotContain(code.Split('/')[^1], kept, StringComparison.Ordinal);
        Assert.Equal(0, authority.Terminate());

        string Invite(string name) => Run("enrol", "invite", "--data", ca, "--name", name).Trim();
    }

    [Theory]
    [InlineData("wrong secret")]
    [InlineData("other name")]
    [InlineData("ended")]
    [InlineData("used")]
    public async Task A_code_that_is_not_good_gets_nothing(string what)
    {
        using var authority = NewAuthority();
        await using var node = await StartAsync(authority);
        var code = Invite(authority);
        if (what == "ended") _time.Advance(TimeSpan.FromMinutes(11));
        if (what == "used") await EnrolClient.EnrolAsync(code, UrlOf(node), Stop);
        var shown = what switch
        {
            "wrong secret" => EnrolmentCode.Draw(Turn, authority.Fingerprint),
            "other name" => code with { Name = "turn2.ims.example.net" },
            _ => code,
        };
        var refused = await Assert.ThrowsAsync<RefusedException>(() => EnrolClient.EnrolAsync(shown, UrlOf(node), Stop));
        Assert.StartsWith("The code is not good", refused.Message, StringComparison.Ordinal);
        // Who shows a name that is not its own has not used it up.
        if (what is "wrong secret" or "other name") await EnrolClient.EnrolAsync(code, UrlOf(node), Stop);
    }

    [Fact]
    public async Task Who_is_not_the_authority_of_the_code_is_told_nothing()
    {
        using var ours = NewAuthority();
        using var theirs = NewAuthority("theirs");
        await using var node = await StartAsync(theirs);
        var code = Invite(ours);
        theirs.Invitations.Add(code, TimeSpan.FromMinutes(10));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => EnrolClient.EnrolAsync(code, UrlOf(node), Stop));
        Assert.Contains("is not the authority of this code", refused.Message, StringComparison.Ordinal);
        // It never saw the secret, or it would have used it up.
        Assert.True(theirs.Invitations.TryTake(code.Secret, Turn));
    }

    [Fact]
    public async Task After_many_wrong_codes_none_is_looked_at_for_the_rest_of_the_minute()
    {
        using var authority = NewAuthority();
        await using var node = await StartAsync(authority);
        var code = Invite(authority);
        for (var i = 0; i < EnrolNode.WrongAMinute; i++)
            await Assert.ThrowsAsync<RefusedException>(
                () => EnrolClient.EnrolAsync(EnrolmentCode.Draw(Turn, authority.Fingerprint), UrlOf(node), Stop));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => EnrolClient.EnrolAsync(code, UrlOf(node), Stop));
        Assert.StartsWith("The authority has seen too many wrong codes", refused.Message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        await EnrolClient.EnrolAsync(code, UrlOf(node), Stop);
    }

    [Fact]
    public void Of_a_request_the_key_alone_counts()
    {
        using var authority = NewAuthority();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=another", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("waf.ims.example.net");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = X509Certificate2.CreateFromPem(authority.Certify(Turn, request.CreateSigningRequestPem())!);
        Assert.Equal($"CN={Turn}", made.Subject);
        Assert.True(made.MatchesHostname(Turn));
        Assert.False(made.MatchesHostname("waf.ims.example.net"));
        Assert.False(made.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);

        using var weak = RSA.Create(1024);
        var rsa = new CertificateRequest("CN=a", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Assert.Null(authority.Certify(Turn, rsa.CreateSigningRequestPem()));
        Assert.Null(authority.Certify(Turn, "nothing"));
    }

    OperatorAuthority NewAuthority(string name = "ca")
    {
        OperatorAuthority.Create(In(name), "Operator", _time);
        return OperatorAuthority.Open(In(name), _time);
    }

    Task<EnrolNode> StartAsync(OperatorAuthority authority) =>
        EnrolNode.StartAsync(new(IPAddress.Loopback, 0), authority, NullLoggerFactory.Instance, _time);

    static EnrolmentCode Invite(OperatorAuthority authority)
    {
        var code = EnrolmentCode.Draw(Turn, authority.Fingerprint);
        authority.Invitations.Add(code, TimeSpan.FromMinutes(10));
        return EnrolmentCode.TryParse(code.Text, out var read) ? read : throw new InvalidOperationException("no code");
    }

    static Uri UrlOf(EnrolNode node) => new($"https://{node.Address}");

    string In(string name) => Path.Combine(_folder, name);

    string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    X509Certificate2 Joined(string folder, string name) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(In(folder), $"{name}.pem"), Path.Combine(In(folder), $"{name}-key.pem"));

    static string Run(params string[] words)
    {
        var (code, output, errors) = PortunusProcess.Run(words);
        Assert.Equal((0, ""), (code, errors));
        return output;
    }

    /// <summary>What the WAF answers to who asks for a key; null when it does not talk to that certificate.</summary>
    async Task<HttpStatusCode?> FetchAsync(PortunusProcess waf, X509Certificate2 shown, string name = Turn)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(Path.Combine(In("waf"), "operator-ca.pem"));
        using var handler = new SocketsHttpHandler();
        var at = IPEndPoint.Parse(waf.At("waf-mutual"));
        handler.ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(at, stop);
            return new NetworkStream(socket, ownsSocket: true);
        };
        handler.SslOptions.CertificateChainPolicy = policy;
        handler.SslOptions.ClientCertificates = [shown];
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        using var http = new HttpClient(handler);
        try
        {
            using var answer = await http.GetAsync(
                $"https://waf.ims.example.net/.well-known/stun-key?service=stun&name={name}", Stop);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
