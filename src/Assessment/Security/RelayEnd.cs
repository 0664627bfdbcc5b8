using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>What becomes of a client's relay, and of its credential, when its registration ends.</summary>
/// <param name="Scenario">How it had registered.</param>
/// <param name="ToRefusal">From the order to the refusal of a new Allocate; null when that did not come.</param>
/// <param name="ToCut">From the order to the last packet that came through the relay; null when more of them come.</param>
/// <param name="RelaysOn">Says what ends it then.</param>
sealed record RelayEnd(RegistrationScenario Scenario, TimeSpan? ToRefusal, TimeSpan? ToCut, string RelaysOn)
{
    static readonly TimeSpan PacketPause = TimeSpan.FromMilliseconds(10);

    /// <summary>No packet for so long: the relay is cut. Many times the pause between two, since threads share cores.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    /// <summary>For what is there for certain, on a machine with much else to do.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <param name="system">Where.</param>
    /// <param name="end">Who ends the registration.</param>
    /// <param name="user">Whose.</param>
    /// <param name="watch">How long refusal and cut are waited for; each as long as it may take, where they must come.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<RelayEnd> SeeAsync(
        StudySystem system, RegistrationEnd end, int user, TimeSpan watch, CancellationToken stop)
    {
        await using var victim = await Victim.BeginAsync(system, user, stop);
        var server = TransportAddress.From(system.Stun.EndPoint);
        using var peer = new RelayPeer();
        using var relay = new RelayClient(server, victim.Held);
        await relay.AllocateAsync(stop);
        await relay.BindAsync(peer.Address, stop);
        var stream = relay.StreamAsync(peer.Address, new(MediaPlan.MostPackets, PacketPause), stop);
        if (!await peer.HearsAsync(Patience, stop)) throw new RefusedException("No packet came through a relay that was there.");
        await victim.PrepareAsync(end, stop);

        var ordered = SystemClock.Now;
        var ending = victim.EndAsync(end, stop);
        var refused = await new AllocateProbe(server).UntilRefusedAsync(victim.Held, watch, stop);
        await ending;
        var cut = refused is null && await peer.HearsAsync(Patience, stop) ? null : await peer.UntilSilentAsync(Silence, watch, stop);
        relay.Dispose();
        await ((Task)stream).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new(victim.Scenario, refused - ordered, cut is { } last && last < ordered ? TimeSpan.Zero : cut - ordered, victim.RelaysOn);
    }
}
