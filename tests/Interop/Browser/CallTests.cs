using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portunus.Tests.Interop.Browser;

/// <summary>Two pages of the WIC and everything between them: W2, edge, home core and TURN server in one `portunus up`.</summary>
[Collection(nameof(Chromium))]
public sealed class CallTests(Chromium chromium)
{
    [Fact]
    public async Task Two_people_hear_each_other_over_relays_only_whoever_calls_and_whoever_hangs_up()
    {
        await using var alice = await SignedInAsync("alice");
        await using var bob = await SignedInAsync("bob");

        await CallAsync(alice, bob, "bob");
        await HearAsync(alice, bob);
        await alice.HangUpAsync();
        await OverAsync(alice, "You hung up.", bob, "alice hung up.");

        await CallAsync(bob, alice, "alice");
        await HearAsync(alice, bob);
        await alice.HangUpAsync();
        await OverAsync(alice, "You hung up.", bob, "alice hung up.");

        await CallAsync(bob, alice, "alice");
        await HearAsync(alice, bob);
        await bob.HangUpAsync();
        await OverAsync(bob, "You hung up.", alice, "bob hung up.");
    }

    [Fact]
    public async Task Both_pages_show_the_path_the_bytes_and_the_life_of_the_credential()
    {
        await using var alice = await SignedInAsync("alice");
        await using var bob = await SignedInAsync("bob");
        await Expect(alice.Credential("origin")).ToContainTextAsync("200 to REGISTER");
        await Expect(alice.Credential("uris")).ToContainTextAsync("turn:");
        await Expect(alice.Credential("username")).ToHaveTextAsync(new Regex(@"^\d{9,11}:[0-9a-z.]{12,}$"));

        await CallAsync(alice, bob, "bob");
        await Expect(bob.Credential("origin")).ToContainTextAsync("INVITE");
        foreach (var phone in new[] { alice, bob })
        {
            await Expect(phone.Figure("local-type")).ToHaveTextAsync("relay");
            await Expect(phone.Figure("remote-type")).ToHaveTextAsync("relay");
            await Expect(phone.Figure("gathered")).ToHaveTextAsync(new Regex(@"^\d+ relay$"));
            await Expect(phone.Figure("protocol")).ToHaveTextAsync("UDP to server, UDP to relay");
            await Expect(phone.Figure("relay")).ToHaveTextAsync((await phone.MediaAsync()).RelayAddress!);

            foreach (var moving in (ILocator[])[phone.Figure("received"), phone.Figure("sent"), phone.Credential("remaining")])
                await Expect(moving).Not.ToHaveTextAsync((await moving.TextContentAsync())!);
        }
        await Expect(alice.Figure("relay")).ToHaveTextAsync((await bob.Figure("remote-address").TextContentAsync())!);
    }

    [Fact]
    public async Task A_muted_microphone_sends_silence_until_it_is_opened_again()
    {
        await using var alice = await SignedInAsync("alice");
        await using var bob = await SignedInAsync("bob");
        await CallAsync(alice, bob, "bob");

        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Mute", Exact = true }).ClickAsync();
        var unmute = alice.Page.GetByRole(AriaRole.Button, new() { Name = "Unmute" });
        await Expect(unmute).ToBeVisibleAsync();
        Assert.False(await SendsAsync());
        await unmute.ClickAsync();
        Assert.True(await SendsAsync());

        Task<bool> SendsAsync() => alice.Page.EvaluateAsync<bool>("connections.at(-1).getSenders()[0].track.enabled");
    }

    [Fact]
    public async Task Without_the_header_no_call_gets_a_relay_candidate_and_the_page_says_why()
    {
        // The edge answers a request for a realm that it has no server for with a 2xx that has no Turn-Credential.
        await using var alice = await SignedInAsync("alice", "&turn-realm=elsewhere.example");
        await using var bob = await SignedInAsync("bob");
        await Expect(alice.Credential("remaining")).ToHaveTextAsync("–");
        await Expect(alice.Notice).ToContainTextAsync("the edge gave no TURN credential");

        await alice.CallAsync("bob");
        await Expect(alice.Notice).ToHaveTextAsync(
            "No relay candidate: the edge gave no TURN credential, so there is no relay to call through.");
        Assert.Equal(1, await alice.ConnectionsAsync());
        await Expect(alice.Figure("gathered")).ToHaveTextAsync("none");
        Assert.Empty((await alice.MediaAsync()).LocalTypes);
        await Expect(bob.AnswerButton).ToBeHiddenAsync();

        await bob.CallAsync("alice");
        await alice.AnswerAsync();
        await Expect(alice.Notice).ToContainTextAsync("No relay candidate: the edge gave no TURN credential");
        Assert.Empty((await alice.MediaAsync()).LocalTypes);
        await Expect(bob.Notice).ToHaveTextAsync("alice's client found no common way to talk.");
    }

    [Fact]
    public async Task At_half_of_its_life_a_credential_is_renewed_by_OPTIONS_and_a_call_uses_the_new_one()
    {
        await using var bob = await SignedInAsync("bob");
        await using var alice = await chromium.OpenAsync("alice", movableClock: true);
        await alice.SignInAsync("alice");
        await alice.RegisteredAsync();
        // 660 s is the life of a credential with JsSIP's registration of 600 s.
        await alice.Page.Clock.FastForwardAsync("05:31");
        await Expect(alice.Credential("origin")).ToContainTextAsync("200 to OPTIONS");
        await Expect(alice.Credential("remaining")).ToHaveTextAsync(new Regex(@"^(11:00|10:5\d)$"));
        await CallAsync(alice, bob, "bob");
        await HearAsync(alice, bob);
    }

    [Fact]
    public async Task A_call_works_over_https_and_wss()
    {
        await using var alice = await SignedInAsync("alice", https: true);
        await using var bob = await SignedInAsync("bob", https: true);
        await Expect(alice.Page.Locator("#told")).ToContainTextAsync($"Opening wss://{chromium.Up.Https.Authority}/w2");
        await CallAsync(alice, bob, "bob");
        await HearAsync(alice, bob);
    }

    async Task<PhonePage> SignedInAsync(string name, string query = "", bool https = false)
    {
        var phone = await chromium.OpenAsync(name, query, https);
        await phone.SignInAsync(name);
        return await phone.RegisteredAsync();
    }

    static async Task CallAsync(PhonePage caller, PhonePage callee, string name)
    {
        await caller.CallAsync(name);
        await callee.AnswerAsync();
        await caller.TalkingAsync();
        await callee.TalkingAsync();
    }

    static async Task HearAsync(params PhonePage[] phones)
    {
        foreach (var phone in phones)
        {
            var media = await phone.HearAsync();
            Assert.Equal(("relay", "relay"), (media.Local, media.Remote));
            Assert.All(media.LocalTypes, type => Assert.Equal("relay", type));
        }
    }

    static async Task OverAsync(PhonePage one, string itsNotice, PhonePage other, string othersNotice)
    {
        await Expect(one.Notice).ToHaveTextAsync(itsNotice);
        await Expect(other.Notice).ToHaveTextAsync(othersNotice);
        await one.IdleAsync();
        await other.IdleAsync();
    }
}
