using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portunus.Tests.Interop.Browser;

/// <summary>The solutions of the study in the scenarios, as a browser has them: which credential came by which way.</summary>
[Collection(nameof(Chromium))]
public sealed class WayTests(Chromium chromium)
{
    [Theory]
    [InlineData("S1")]
    [InlineData("S2")]
    [InlineData("S3")]
    public async Task Chromium_gets_a_relay_candidate_by_every_way_that_is_for_browsers(string scenario)
    {
        await using var phone = await RegisteredAsync(scenario);
        await Expect(phone.Credential("origin")).ToContainTextAsync("200 to REGISTER");
        await RelaysAsync(phone, "password, derived from a shared secret");

        await phone.ChooseAsync("a2-push");
        await Expect(phone.Credential("origin")).ToContainTextAsync("200 to OPTIONS");
        await Expect(phone.Credential("username")).ToHaveTextAsync(new Regex("^[0-9a-f]{16}$"));
        await RelaysAsync(phone, "password, made known to the TURN server");

        var pushed = await phone.Credential("uris").TextContentAsync();
        await phone.ChooseAsync("a2-pull");
        await Expect(phone.Credential("username")).ToHaveTextAsync(new Regex("^[0-9a-f]{16}-pull$"));
        await Expect(phone.WayNote).ToContainTextAsync("the TURN server asks for it");
        await RelaysAsync(phone, "password, made known to the TURN server");

        await phone.ChooseAsync("a2-integrated");
        await Expect(phone.Credential("username")).ToHaveTextAsync(new Regex("^[0-9a-f]{16}-integrated$"));
        await Expect(phone.Credential("uris")).Not.ToHaveTextAsync(pushed!);
        await Expect(phone.WayNote).ToContainTextAsync("part of a media gateway node");
        await RelaysAsync(phone, "password, made known to the TURN server");

        await phone.ChooseAsync("http");
        if (scenario == "S1")
        {
            await Expect(phone.WayNote).ToContainTextAsync("Refused: in scenario 1 nobody but the IMS");
            return;
        }

        await Expect(phone.Credential("origin")).ToContainTextAsync("200 to POST /turn/credentials");
        await RelaysAsync(phone, "password, derived from a shared secret");
    }

    [Fact]
    public async Task What_a_browser_cannot_use_is_shown_and_what_a_scenario_has_not_is_explained()
    {
        await using var alice = await RegisteredAsync("S1", "&way=combined");
        await Expect(alice.Credential("kind")).ToHaveTextAsync("token of RFC 7635");
        await Expect(alice.Credential("username")).ToHaveTextAsync("epcscf-1");
        await alice.CallAsync("nobody");
        await Expect(alice.Notice).ToContainTextAsync("No relay candidate. A browser cannot send a token of RFC 7635");
        await alice.ChooseAsync("oauth");
        await Expect(alice.WayNote).ToContainTextAsync("The WAF gives no token; ask the eP-CSCF");
        await Expect(alice.Credential("remaining")).ToHaveTextAsync("–");
        await alice.ChooseAsync("s0");
        await Expect(alice.WayNote).ToContainTextAsync("Off: the SIP password would be the TURN password");

        await using var bob = await RegisteredAsync("S2", "&way=oauth");
        await Expect(bob.Credential("origin")).ToContainTextAsync("200 to POST /turn/token");
        await Expect(bob.Credential("realm")).ToHaveTextAsync("turn.ims.localhost");
        await bob.ChooseAsync("s0");
        await Expect(bob.WayNote).ToHaveTextAsync("Refused: this subscriber has no password that a TURN server could know.");
    }

    [Fact]
    public async Task People_of_all_scenarios_talk_over_relays_only()
    {
        await using var alice = await RegisteredAsync("S1");
        await using var bob = await RegisteredAsync("S2", "&way=a2-push");
        await TalkAsync(alice, bob, "bob");
        await Expect(bob.Credential("origin")).ToContainTextAsync("INVITE");
        await Expect(bob.Credential("kind")).ToContainTextAsync("made known");
        await alice.HangUpAsync();
        await alice.IdleAsync();
        await bob.IdleAsync();

        // Through the relays of two TURN servers.
        await using var guest = await RegisteredAsync("S3", "&way=a2-integrated");
        var name = await guest.Page.Locator("[data-text=me]").TextContentAsync();
        await TalkAsync(bob, guest, name!);
    }

    [Fact]
    public async Task A_pushed_credential_ends_with_its_registration_and_its_relay_with_it()
    {
        await using var alice = await RegisteredAsync("S1", "&way=a2-push");
        await alice.CallAsync("nobody");
        await Expect(alice.Figure("gathered")).ToHaveTextAsync(new Regex("relay"));
        // A path of the window's own through two relays: the page's calls end before it signs out, this one does not.
        await alice.Page.EvaluateAsync(
            """
            async () => {
              const given = { ...connections.at(-1).getConfiguration(), iceTransportPolicy: 'relay' };
              const [here, there] = [new RTCPeerConnection(given), new RTCPeerConnection(given)];
              here.onicecandidate = event => there.addIceCandidate(event.candidate);
              there.onicecandidate = event => here.addIceCandidate(event.candidate);
              const channel = here.createDataChannel('');
              const open = new Promise(resolve => channel.onopen = resolve);
              await here.setLocalDescription();
              await there.setRemoteDescription(here.localDescription);
              await there.setLocalDescription();
              await here.setRemoteDescription(there.localDescription);
              await open;
              window.kept = here;
            }
            """);
        await alice.SignOutAsync();
        await Expect(alice.Registration).ToHaveTextAsync("Signed out");
        await alice.Page.WaitForFunctionAsync("() => ['disconnected', 'failed'].includes(kept.iceConnectionState)");
        var refused = await alice.Page.EvaluateAsync<int>(
            """
            () => new Promise(resolve => {
              const late = new RTCPeerConnection(kept.getConfiguration());
              late.onicecandidate = event => event.candidate && resolve(0);
              late.onicecandidateerror = event => event.errorCode === 701 || resolve(event.errorCode);
              late.createDataChannel('');
              late.setLocalDescription();
            })
            """);
        Assert.Equal(401, refused);
    }

    [Fact]
    public async Task The_login_page_says_what_is_wrong_and_takes_the_password_again_by_keyboard()
    {
        await using var bob = await chromium.OpenAsync("bob");
        await bob.LeaveForWafAsync();
        await bob.TypeAtWafAsync("bob", "not the password");
        await Expect(bob.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The name or the password is wrong.");
        await Expect(bob.Page.GetByLabel("Password")).ToBeFocusedAsync();
        await bob.Page.Keyboard.TypeAsync("bob");
        await bob.Page.Keyboard.PressAsync("Enter");
        await bob.RegisteredAsync();
        Assert.DoesNotContain("code=", bob.Page.Url, StringComparison.Ordinal);

        // Loaded again, the page is where it was before: a code is good once.
        await bob.Page.ReloadAsync();
        await Expect(bob.Registration).ToHaveTextAsync("Signed out");
    }

    [Theory]
    [InlineData("S2", "30:01")]
    [InlineData("S3", "05:01")]
    public async Task At_half_of_its_life_an_access_token_is_renewed_and_the_registration_goes_on(string scenario, string half)
    {
        await using var phone = await RegisteredAsync(scenario, movableClock: true);
        await phone.Page.Clock.FastForwardAsync(half);
        await Expect(phone.Page.Locator("#told")).ToContainTextAsync("The access token is renewed");
        await phone.ChooseAsync("a2-push");
        await Expect(phone.Credential("kind")).ToContainTextAsync("made known");
        await Expect(phone.Registration).ToHaveTextAsync("Registered");
    }

    async Task<PhonePage> RegisteredAsync(string scenario, string query = "", bool movableClock = false)
    {
        var name = scenario == "S1" ? "alice" : "bob";
        var phone = await chromium.OpenAsync(name, query, movableClock: movableClock);
        if (scenario == "S1") await phone.SignInAsync(name);
        else if (scenario == "S2") await phone.SignInAtWafAsync(name, name);
        else await phone.SignInAsGuestAsync();
        return await phone.RegisteredAsync();
    }

    /// <summary>A call that finds nobody finds a relay first.</summary>
    static async Task RelaysAsync(PhonePage phone, string kind)
    {
        await Expect(phone.Credential("kind")).ToHaveTextAsync(kind);
        await phone.CallAsync("nobody");
        await Expect(phone.Notice).ToHaveTextAsync("There is no subscriber nobody.");
        await Expect(phone.Figure("gathered")).ToHaveTextAsync(new Regex(@"^\d+ relay$"));
    }

    static async Task TalkAsync(PhonePage caller, PhonePage callee, string name)
    {
        await caller.CallAsync(name);
        await callee.AnswerAsync();
        foreach (var phone in new[] { caller, callee })
        {
            await phone.TalkingAsync();
            await Expect(phone.Figure("local-type")).ToHaveTextAsync("relay");
            await Expect(phone.Figure("remote-type")).ToHaveTextAsync("relay");
        }
    }
}
