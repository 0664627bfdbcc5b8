using BenchmarkDotNet.Attributes;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;

namespace Portunus.Bench;

/// <summary>What an edge spends on a TURN credential, by the way in which it provides it; pushing is not in it.</summary>
[MemoryDiagnoser]
public class IssuePath
{
    const string Realm = "ims.localhost";

    static readonly Instant Now = Instant.FromUnixSeconds(1_700_000_000);

    static readonly EdgeAnswer Acknowledged = new EdgeAnswer.Pushed(["turn1"]);

    readonly SharedSecretProvisioning _shared;
    readonly PushProvisioning _push;
    readonly OAuthProvisioning _token;

    public IssuePath()
    {
        var random = new SeededRandom(1);
        var sites = new TurnSites([new("turn1", Realm, [new(false, "turn1.ims.localhost", 3478, "udp")])]);
        _shared = new([new(new(SecretHash.Sha1, "a secret for benchmarks"u8))], sites);
        _push = new(sites, random);
        var key = new TokenKey("edge1-turn1-1", TokenAlgorithm.A256Gcm, "a key of 32 bytes for benchmarks"u8);
        _token = new(sites, new Dictionary<string, TokenKey> { ["turn1"] = key }, random);
    }

    [Benchmark]
    public Provision SharedSecret() => _shared.Provide(Now, Wish(TurnCredential.Password));

    /// <summary>Name, password, and both keys that the TURN server is sent; then, since it has acknowledged, what the WIC is
    /// given.</summary>
    [Benchmark]
    public Provision Pushed()
    {
        var wish = Wish(TurnCredential.Password);
        var asked = (Provision.Asked)_push.Provide(Now, wish);
        return _push.Provide(Now, wish with { Heard = ((EdgeQuestion.Tell)asked.Question, Acknowledged) });
    }

    [Benchmark]
    public Provision Token() => _token.Provide(Now, Wish(TurnCredential.OAuth));

    static CredentialWish Wish(string type) =>
        new(new([type], null, []), "0123456789abcdef", Now + TimeSpan.FromHours(1), Scenario.Digest);
}
