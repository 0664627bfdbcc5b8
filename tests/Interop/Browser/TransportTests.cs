using System.Text.RegularExpressions;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Serve;
using static Microsoft.Playwright.Assertions;

namespace Portunus.Tests.Interop.Browser;

/// <summary>A call of two pages over relays, for each transport that a browser has to a TURN server.</summary>
[Collection(nameof(Chromium))]
public sealed class TransportTests
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Two_people_hear_each_other_over_relays_that_they_reach_by(string transport)
    {
        await using var phones = await ServedPhones.StartAsync(transport);
        await using var alice = await phones.RegisteredAsync("alice");
        await using var bob = await phones.RegisteredAsync("bob");
        await Expect(alice.Credential("uris")).ToHaveTextAsync(phones.Uri);

        await CallAsync(alice, bob);
        List<string> relayed = [];
        foreach (var phone in new[] { alice, bob })
        {
            var media = await phone.HearAsync();
            Assert.Equal(("relay", "relay", transport), (media.Local, media.Remote, media.RelayProtocol));
            Assert.All(media.LocalTypes, type => Assert.Equal("relay", type));
            Assert.True(media.Sent > 500 && media.Received > 500, $"{media.Sent} and {media.Received} bytes");
            await Expect(phone.Figure("protocol")).ToHaveTextAsync($"{transport.ToUpperInvariant()} to server, UDP to relay");
            relayed.Add(media.RelayAddress!);
        }

        var sessions = await phones.SessionsAsync();
        Assert.All(sessions, session => Assert.Equal(transport, session.GetProperty("transport").GetString()));
        foreach (var address in relayed)
        {
            var session = Assert.Single(sessions, one => one.GetProperty("relayed").GetString() == address);
            Assert.InRange(session.GetProperty("toPeerBytes").GetInt64(), 500, long.MaxValue);
            Assert.InRange(session.GetProperty("toClientBytes").GetInt64(), 500, long.MaxValue);
        }

        var metrics = await phones.MetricsAsync();
        foreach (var direction in new[] { "to_peer", "to_client" })
        foreach (var by in new[] { "udp", "tcp", "tls", "dtls" })
        {
            var bytes = metrics[$"portunus_turn_relayed_bytes_total{{transport=\"{by}\",direction=\"{direction}\"}}"];
            Assert.True(by == transport ? bytes > 1000 : bytes == 0, $"{bytes} bytes {direction} by {by}");
        }

        await bob.HangUpAsync();
        await Expect(alice.Notice).ToHaveTextAsync("bob hung up.");
        await Eventually.TrueAsync(async () => await phones.SessionsAsync() is []);
    }

    [Fact]
    public async Task A_turns_server_whose_certificate_the_browser_does_not_believe_gives_no_relay()
    {
        await using var phones = await ServedPhones.StartAsync("tls", stranger: true);
        await using var alice = await phones.RegisteredAsync("alice");
        await alice.CallAsync("bob");
        await Expect(alice.Notice).ToHaveTextAsync(new Regex("^No relay candidate"));
        Assert.Empty((await alice.MediaAsync()).LocalTypes);
        Assert.Empty(await phones.SessionsAsync());
        var metrics = await phones.MetricsAsync();
        Assert.Equal(0, metrics["portunus_turn_requests_total{transport=\"tls\",method=\"allocate\"}"]);
        Assert.InRange(metrics["portunus_turn_streams_accepted_total"], 1, double.MaxValue);
    }

    [Fact]
    public async Task Where_no_datagram_gets_through_a_page_takes_the_next_URI_of_its_credential()
    {
        var silent = $"turn:127.0.0.1:{AllRoles.FreePort()}?transport=udp";
        await using var phones = await ServedPhones.StartAsync("tcp", before: silent);
        await using var alice = await phones.RegisteredAsync("alice");
        await using var bob = await phones.RegisteredAsync("bob");
        await Expect(alice.Credential("uris")).ToContainTextAsync(silent);
        await CallAsync(alice, bob);
        Assert.Equal("tcp", (await alice.HearAsync()).RelayProtocol);
        Assert.Equal("tcp", (await bob.HearAsync()).RelayProtocol);
    }

    static async Task CallAsync(PhonePage caller, PhonePage callee)
    {
        await caller.CallAsync("bob");
        await callee.AnswerAsync();
        await caller.TalkingAsync();
        await callee.TalkingAsync();
    }
}
