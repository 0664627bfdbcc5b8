using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portunus.Tests.Interop.Browser;

/// <summary>What the page says and does when something does not work, and how it is used without a mouse or on a small screen.</summary>
[Collection(nameof(Chromium))]
public sealed class UnhappyTests(Chromium chromium)
{
    [Fact]
    public async Task A_wrong_password_is_said_and_can_be_typed_again()
    {
        await using var alice = await chromium.OpenAsync("alice");
        await alice.SignInAsync("not the password");
        await Expect(alice.Notice).ToHaveTextAsync("The user name or the password is not right.");
        await Expect(alice.Page.GetByLabel("Password")).ToBeFocusedAsync();
        await alice.SignInAsync("alice");
        await alice.RegisteredAsync();
        await Expect(alice.Notice).ToHaveTextAsync("");
    }

    [Fact]
    public async Task A_caller_is_told_why_nobody_took_the_call()
    {
        await using var alice = await SignedInAsync("alice");
        await alice.CallAsync("nobody");
        await Expect(alice.Notice).ToHaveTextAsync("There is no subscriber nobody.");
        await alice.CallAsync("bob@elsewhere.example");
        await Expect(alice.Notice).ToContainTextAsync("is not a name in ims.localhost");
        await alice.CallAsync("bob");
        await Expect(alice.Notice).ToContainTextAsync("bob is not signed in");

        await using var bob = await SignedInAsync("bob");
        await alice.CallAsync("bob");
        await bob.DeclineAsync();
        await Expect(alice.Notice).ToHaveTextAsync("bob declined.");
        await Expect(bob.Notice).ToHaveTextAsync("You declined alice's call.");

        await alice.CallAsync("bob");
        await Expect(bob.AnswerButton).ToBeVisibleAsync();
        await alice.HangUpAsync();
        await Expect(alice.Notice).ToHaveTextAsync("You ended the call.");
        await Expect(bob.Notice).ToHaveTextAsync("Missed: alice hung up before you answered.");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_is_being_answered_ends_on_both_sides()
    {
        await using var alice = await SignedInAsync("alice");
        await using var bob = await chromium.OpenAsync("bob");
        // The CANCEL is held up on its way to bob, so that his 200 crosses it (RFC 3261 §9.1).
        await bob.Page.RouteWebSocketAsync("**/w2", route =>
        {
            var server = route.ConnectToServer();
            server.OnMessage(frame =>
            {
                if (frame.Text?.StartsWith("CANCEL ", StringComparison.Ordinal) != true)
                    route.Send(frame.Text ?? "");
            });
        });
        await bob.SignInAsync("bob");
        await bob.RegisteredAsync();

        await alice.CallAsync("bob");
        await Expect(bob.AnswerButton).ToBeVisibleAsync();
        await alice.HangUpAsync();
        await Expect(alice.Notice).ToHaveTextAsync("You ended the call.");
        await bob.AnswerAsync();
        await Expect(bob.Notice).ToHaveTextAsync("alice hung up.");
    }

    [Fact]
    public async Task A_subscriber_in_a_call_is_busy_for_another_window()
    {
        await using var alice = await SignedInAsync("alice");
        await using var bob = await SignedInAsync("bob");
        await alice.CallAsync("bob");
        await bob.AnswerAsync();
        await bob.TalkingAsync();

        await using var second = await SignedInAsync("alice");
        await second.CallAsync("bob");
        await Expect(second.Notice).ToHaveTextAsync("bob is busy.");
        await alice.TalkingAsync();
    }

    [Fact]
    public async Task After_signing_out_a_subscriber_gets_no_call()
    {
        await using var alice = await SignedInAsync("alice");
        await using var bob = await SignedInAsync("bob");
        await bob.SignOutAsync();
        await Expect(bob.Registration).ToHaveTextAsync("Signed out");
        await Expect(bob.Page.GetByLabel("User name")).ToHaveValueAsync("bob");
        await Expect(bob.Page.GetByLabel("Password")).ToHaveValueAsync("");
        await alice.CallAsync("bob");
        await Expect(alice.Notice).ToContainTextAsync("bob is not signed in");

        await bob.SignInAsync("bob");
        await bob.RegisteredAsync();
        await alice.CallAsync("bob");
        await Expect(bob.AnswerButton).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_lost_connection_is_shown_and_comes_back_under_a_call_that_goes_on()
    {
        await using var alice = await chromium.OpenAsync("alice");
        IWebSocketRoute? w2 = null;
        await alice.Page.RouteWebSocketAsync("**/w2", route =>
        {
            route.ConnectToServer();
            w2 = route;
        });
        await alice.SignInAsync("alice");
        await alice.RegisteredAsync();
        await using var bob = await SignedInAsync("bob");
        await alice.CallAsync("bob");
        await bob.AnswerAsync();
        await alice.TalkingAsync();

        await w2!.CloseAsync(new() { Code = 4000 });
        await Expect(alice.Registration).ToHaveTextAsync("Reconnecting");
        await Expect(alice.Notice).ToHaveTextAsync("The connection to the edge was lost. Trying to get it back.");
        await alice.TalkingAsync();
        await alice.RegisteredAsync();
        await alice.TalkingAsync();

        // The call's signalling goes over the new connection.
        await alice.HangUpAsync();
        await Expect(bob.Notice).ToHaveTextAsync("alice hung up.");
    }

    [Fact]
    public async Task A_credential_that_the_TURN_server_refuses_is_told_from_a_missing_one()
    {
        await using var alice = await chromium.OpenAsync("alice");
        await alice.Page.RouteWebSocketAsync("**/w2", route =>
        {
            var server = route.ConnectToServer();
            server.OnMessage(frame => route.Send(frame.Text!.Replace("credential=\"", "credential=\"x", StringComparison.Ordinal)));
        });
        await alice.SignInAsync("alice");
        await alice.RegisteredAsync();
        await Expect(alice.Credential("origin")).ToContainTextAsync("200 to REGISTER");
        await alice.CallAsync("bob");
        await Expect(alice.Notice).ToContainTextAsync("refused the credential (401)");
        await Expect(alice.Figure("gathered")).ToHaveTextAsync("none");
    }

    [Fact]
    public async Task A_refused_microphone_ends_the_call_with_a_hint()
    {
        await using var alice = await chromium.OpenAsync("alice");
        await alice.Page.EvaluateAsync(
            "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('refused', 'NotAllowedError'); }; }");
        await alice.SignInAsync("alice");
        await alice.RegisteredAsync();
        await alice.CallAsync("bob");
        await Expect(alice.Notice).ToContainTextAsync("The browser may not use the microphone.");
        await alice.IdleAsync();
    }

    [Fact]
    public async Task Everything_is_reached_by_keyboard_on_a_screen_of_320_pixels()
    {
        await using var bob = await SignedInAsync("bob");
        await using var alice = await chromium.OpenAsync("alice", options: new()
        {
            ViewportSize = new() { Width = 320, Height = 640 }, ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce,
        });
        var keys = alice.Page.Keyboard;
        await Expect(alice.Page.GetByLabel("Password")).ToBeFocusedAsync();
        await keys.TypeAsync("alice");
        await keys.PressAsync("Enter");
        await Expect(alice.Page.GetByLabel("Call")).ToBeFocusedAsync();
        await alice.RegisteredAsync();
        await keys.TypeAsync("bob");
        await keys.PressAsync("Enter");
        await Expect(bob.AnswerButton).ToBeFocusedAsync();
        await bob.Page.Keyboard.PressAsync("Enter");
        await alice.TalkingAsync();
        Assert.Equal(320, await alice.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await keys.PressAsync("Enter");
        await Expect(alice.Notice).ToHaveTextAsync("You hung up.");
        await Expect(alice.Page.GetByLabel("Call")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_page_works_at_every_loopback_address()
    {
        foreach (var host in (string[])["127.0.0.1", "[::1]"])
        {
            await using var alice = await chromium.OpenAsync("alice", host: host);
            await alice.SignInAsync("alice");
            await alice.RegisteredAsync();
            await Expect(alice.Credential("origin")).ToContainTextAsync("200 to REGISTER");
        }
    }

    async Task<PhonePage> SignedInAsync(string name)
    {
        var phone = await chromium.OpenAsync(name);
        await phone.SignInAsync(name);
        return await phone.RegisteredAsync();
    }
}
