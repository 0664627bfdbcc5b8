using Microsoft.Playwright;

namespace Portunus.Tests.Interop.Browser;

/// <summary>One open window of the telephone, used as a person would use it.</summary>
public sealed class PhonePage : IAsyncDisposable
{
    // Keeps the page's peer connections, so that their statistics can be read beside the page's own figures.
    const string KeepConnections =
        """
        {
          const Native = RTCPeerConnection;
          window.connections = [];
          window.RTCPeerConnection = class extends Native {
            constructor(...given) { super(...given); window.connections.push(this); }
          };
        }
        """;

    const string ReadMedia =
        """
        async () => {
          const all = [...(await connections.at(-1).getStats()).values()];
          const byId = id => all.find(entry => entry.id === id);
          const pair = byId(all.find(entry => entry.type === 'transport')?.selectedCandidatePairId);
          const local = byId(pair?.localCandidateId), remote = byId(pair?.remoteCandidateId);
          return {
            localTypes: all.filter(entry => entry.type === 'local-candidate').map(entry => entry.candidateType),
            local: local?.candidateType ?? null,
            remote: remote?.candidateType ?? null,
            relayAddress: local ? `${local.address}:${local.port}` : null,
            relayProtocol: local?.relayProtocol ?? null,
            sent: pair?.bytesSent ?? 0,
            received: pair?.bytesReceived ?? 0,
            audioReceived: all.find(entry => entry.type === 'inbound-rtp' && entry.kind === 'audio')?.bytesReceived ?? 0,
          };
        }
        """;

    readonly List<string> _complaints = [];
    readonly Uri _origin;

    PhonePage(IPage page, Uri origin)
    {
        Page = page;
        _origin = origin;
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            // A WebSocket that could not be opened is reported here by the browser itself.
            if (message.Type == "error" && !message.Text.Contains("WebSocket", StringComparison.Ordinal))
                _complaints.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != _origin.Authority)
                _complaints.Add($"asked a foreign server: {request.Url}");
        };
    }

    public IPage Page { get; }

    public ILocator Registration => Page.Locator("#registration");
    public ILocator Notice => Page.Locator("#notice");
    public ILocator CallBox => Page.Locator("#call");
    public ILocator Dial => Page.Locator("#dial");
    public ILocator AnswerButton => Page.Locator("#answer");

    public static async Task<PhonePage> OpenAsync(IBrowserContext context, Uri origin, string query)
    {
        await context.AddInitScriptAsync(KeepConnections);
        var phone = new PhonePage(await context.NewPageAsync(), origin);
        await phone.Page.GotoAsync(new Uri(origin, query).AbsoluteUri);
        return phone;
    }

    /// <summary>A value among the live figures; `local-type`, `relay`, `received` and so on.</summary>
    public ILocator Figure(string name) => Page.Locator($"[data-figure={name}]");

    /// <summary>A value about the credential; `origin`, `kind`, `remaining`, `username`, `realm`, `uris`, `renewal`.</summary>
    public ILocator Credential(string name) => Page.Locator($"[data-credential={name}]");

    public async Task SignInAsync(string password)
    {
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Scenario 2: leaves for the WAF's login page and comes back signed in; by keyboard, from the first key on.</summary>
    public async Task<PhonePage> SignInAtWafAsync(string name, string password)
    {
        await LeaveForWafAsync();
        await TypeAtWafAsync(name, password);
        return this;
    }

    public async Task LeaveForWafAsync()
    {
        var choice = Page.GetByRole(AriaRole.Radio, new() { Name = "the WAF" });
        await Page.GetByRole(AriaRole.Radio, new() { Name = "SIP Digest" }).FocusAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(choice).ToBeCheckedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page).ToHaveTitleAsync("Sign in for Portunus telephone");
    }

    public async Task TypeAtWafAsync(string name, string password)
    {
        await Expect(Page.GetByLabel("Name")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync(name);
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.TypeAsync(password);
        await Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Scenario 3: an identity of the site's pool.</summary>
    public async Task<PhonePage> SignInAsGuestAsync()
    {
        await Page.GetByRole(AriaRole.Radio, new() { Name = "a lent identity" }).CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        return this;
    }

    /// <summary>The solution by which the window gets its credential: `a1`, `a2-push`, `http` and so on.</summary>
    public Task ChooseAsync(string way) => Page.Locator("#way-now").SelectOptionAsync(way);

    /// <summary>What is said of the solution, or why it gives nothing.</summary>
    public ILocator WayNote => Page.Locator("#way-note");

    public async Task<PhonePage> RegisteredAsync()
    {
        await Expect(Registration).ToHaveTextAsync("Registered");
        return this;
    }

    public async Task CallAsync(string name)
    {
        await Page.GetByLabel("Call").FillAsync(name);
        await Dial.GetByRole(AriaRole.Button).ClickAsync();
    }

    public Task AnswerAsync() => AnswerButton.ClickAsync();

    public Task DeclineAsync() => Page.Locator("#decline").ClickAsync();

    public Task HangUpAsync() => Page.Locator("#hang-up").ClickAsync();

    public Task SignOutAsync() => Page.Locator("#sign-out").ClickAsync();

    public Task TalkingAsync() => Expect(CallBox).ToHaveAttributeAsync("data-stage", "talking");

    public Task IdleAsync() => Expect(Dial).ToBeVisibleAsync();

    /// <summary>Waits until the page has received half a second more of sound, and returns what its browser says then.</summary>
    public async Task<Media> HearAsync()
    {
        // Half a second of Opus at 20 ms a packet, 25 packets of some tens of bytes.
        var heard = (await MediaAsync()).AudioReceived + 500;
        await Page.WaitForFunctionAsync(
            """
            async heard => [...(await connections.at(-1).getStats()).values()]
              .some(entry => entry.type === 'inbound-rtp' && entry.kind === 'audio' && entry.bytesReceived > heard)
            """, heard);
        return await MediaAsync();
    }

    public Task<Media> MediaAsync() => Page.EvaluateAsync<Media>(ReadMedia);

    public Task<int> ConnectionsAsync() => Page.EvaluateAsync<int>("connections.length");

    /// <summary>Closes the window; fails the test if the page threw, logged an error or asked a foreign server.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        Assert.Empty(_complaints);
    }

    static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
