using System.Text.RegularExpressions;
using Portunus.Sip;
using Portunus.Stun;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Wic;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>
/// The commands that users and operators have, before Kamailio's core: <c>portunus serve</c> with every role but the core, and
/// <c>portunus wic</c> of each scenario.
/// </summary>
public sealed partial class ServedNetworkTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    [Fact]
    public async Task Clients_of_every_scenario_register_take_a_credential_and_sign_off()
    {
        using var network = new ServedNetwork(Core, "udp", "shared-secret");
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        foreach (var flags in new[] { network.ByPassword(bob), await network.BySignInAsync(alice), await network.ByLeaseAsync() })
        {
            var run = WicRun.Of(["register", .. flags]);
            Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
            Assert.Equal(["register", "renew", "deregister"], run.Steps.Where(step => step is "register" or "renew" or "deregister"));
            // Kamailio takes a tenth off the 600 s that are asked for, or off what is left of a lease.
            Assert.Matches(" for 5[0-4][0-9] s; password for turn:127.0.0.1:", run.Detail("register"));
        }

        foreach (var subscriber in new[] { alice, bob }) Assert.Null(Core.Hss.ServerOf(subscriber.PublicIdentity));
        Assert.Equal(0, network.Terminate());
    }

    [Fact]
    public async Task Clients_of_different_scenarios_call_each_other_and_hear_every_packet_by_their_relays()
    {
        using var network = new ServedNetwork(Core, "tcp", "shared-secret");
        var byPassword = network.ByPassword(Core.Subscribe("bob"));
        var bySignIn = await network.BySignInAsync(Core.Subscribe("alice"));
        var byLease = await network.ByLeaseAsync();
        AssertTalk(caller: byPassword, callee: bySignIn);
        AssertTalk(caller: bySignIn, callee: byLease);
        AssertTalk(caller: byLease, callee: byPassword);
    }

    [Fact]
    public async Task What_the_HSS_ends_relays_no_more_by_a_credential_of_approach_2()
    {
        var alice = Core.Subscribe("alice");
        using var network = new ServedNetwork(Core, "tcp", "push");
        await using var wic = await network.SignInAsync(alice);
        SipMessage? registered = null;
        // At first the edge may not have found the TURN server.
        await Eventually.TrueAsync(async () => (registered = await wic.RegisterAsync()).Has(Party.CredentialHeader));
        var credential = Party.Credential(registered!);
        using var relay = network.Open(credential);
        Assert.Null(relay.Allocate().Error);
        await Eventually.TrueAsync(network.IsWatchedAsync);

        await Core.Hss.TerminateAsync(alice.PublicIdentity);
        Assert.NotNull(await wic.Client.ReceiveCloseAsync());
        await Eventually.TrueAsync(() => relay.Refresh(600).Error is not null);
        using var again = network.Open(credential);
        Assert.Equal(ErrorCode.Unauthenticated, again.Allocate().Error);
    }

    static void AssertTalk(string[] caller, string[] callee)
    {
        using var waiting = PortunusProcess.Serve(["wic", "call", "--answer", .. callee]);
        var identity = Registered().Match(string.Join('\n', waiting.Output)).Groups[1].Value;
        var run = WicRun.Of(["call", "--to", identity, .. caller, "--seconds", "1", "--rate", "100"]);
        Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
        var media = run.Root.GetProperty("media");
        Assert.Equal((100, 0), (media.GetProperty("sent").GetInt32(), media.GetProperty("lost").GetInt32()));
        Assert.True(waiting.WaitForExit() == 0, string.Join('\n', [.. waiting.Output, waiting.Errors]));
        Assert.Contains("100 of 100 came, 0 lost", waiting.Output[^1], StringComparison.Ordinal);
    }

    [GeneratedRegex(" register +(sip:[^ ]+) for ")]
    private static partial Regex Registered();
}
