using Portunus.Assessment.Security;
using Portunus.Assessment.Study;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>What a TURN server with another clock does with credentials, tried by machines in virtual time.</summary>
public sealed class ClockSkewTests
{
    public static TheoryData<string, string> Ways() => [.. Way.All.Select(way => (way.Solution, way.Variant))];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_way_takes_the_skews_that_its_credential_allows(string solution, string variant)
    {
        var way = new Way(solution, variant);
        foreach (var skew in ClockExperiment.Skews)
            Assert.Equal((skew, ClockExperiment.Relays(way, skew)), (skew, new SkewTrial(way, 1).Allocate(skew) is not null));
    }

    // RFC 7635 §5: a Delta of five seconds.
    [Theory]
    [InlineData(-6, false)]
    [InlineData(-5, true)]
    [InlineData(664, true)]
    [InlineData(665, false)]
    public void A_token_of_an_edge_counts_from_five_seconds_before_its_date_until_five_after_its_life(int skew, bool relays) =>
        Assert.Equal(relays, new SkewTrial(Way.Combined, 1).Allocate(skew) is not null);

    [Theory]
    [InlineData(-6, false)]
    [InlineData(-5, true)]
    [InlineData(1804, true)]
    [InlineData(1805, false)]
    public void A_token_of_a_WAF_counts_from_five_seconds_before_its_date_until_five_after_its_life(int skew, bool relays) =>
        Assert.Equal(relays, new SkewTrial(Way.OAuthCold, 1).Allocate(skew) is not null);

    [Theory]
    [InlineData(-3600, true)]
    [InlineData(660, true)]
    [InlineData(661, false)]
    public void A_time_limited_name_counts_up_to_its_second_however_far_the_clock_is_behind(int skew, bool relays) =>
        Assert.Equal(relays, new SkewTrial(Way.A1, 1).Allocate(skew) is not null);

    [Theory]
    [InlineData(-3600, true)]
    [InlineData(659, true)]
    [InlineData(660, false)]
    public void A_pushed_credential_counts_until_it_has_run_out_by_the_servers_clock(int skew, bool relays)
    {
        Assert.Equal(relays, new SkewTrial(Way.A2Push, 1).Allocate(skew) is not null);
        Assert.Equal(relays, new SkewTrial(Way.A2Pull, 1).Allocate(skew) is not null);
    }

    [Fact]
    public void A_password_has_no_time() => Assert.All([-86_400, 0, 86_400], skew =>
        Assert.Equal(600u, new SkewTrial(Way.S0, 1).Allocate(skew)));

    [Fact]
    public void A_relay_by_token_ends_with_the_token_whose_rest_the_servers_clock_counts() =>
        Assert.Equal(65u, new SkewTrial(Way.Combined, 1).Allocate(600));

    [Fact]
    public void A_server_that_takes_any_expiry_is_seen() =>
        Assert.NotNull(new SkewTrial(Way.A1, 1).Allocate(661, judge => new AnyExpiry(judge)));

    /// <summary>Judges every credential as if it had just been made.</summary>
    sealed class AnyExpiry(ICredentialVerifier judge) : ICredentialVerifier
    {
        public bool FindsByHash => judge.FindsByHash;

        public bool AsksEdges => judge.AsksEdges;

        public TokenKeys? Tokens => judge.Tokens;

        public Bytes? NameOf(ReadOnlySpan<byte> userHash) => judge.NameOf(userHash);

        public bool TryFind(
            Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, int attempt, out FoundCredential found) =>
            judge.TryFind(Instant.FromUnixSeconds(0), username, algorithm, attempt, out found);
    }
}
