using Portunus.Bedrock;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    // How often the core is told that a binding is gone before it is left to run out: with the pauses and the core's silence five
    // minutes, in which a core that was started anew has forgotten the binding by itself.
    const int MostFarewells = 5;
    static readonly TimeSpan FarewellPause = TimeSpan.FromSeconds(30);

    readonly Deadlines<Errand.Deregistering> _farewells = new(ReferenceEqualityComparer.Instance);

    /// <summary>The core's answer to a deregistration in the name of a WIC that is gone (obligation 26).</summary>
    void OnDeregistered(Instant now, int status, Errand.Deregistering errand)
    {
        // 408 and 503 are made here as well: the core was silent, or could not be reached. Any other answer is its last word.
        if (status is 408 or >= 500 and < 600) DeregisterLater(now, errand);
    }

    void DeregisterLater(Instant now, Errand.Deregistering errand)
    {
        if (errand.Tries < MostFarewells && _farewells.Count < _settings.Flows) _farewells.Set(errand, now + FarewellPause);
    }

    void TakeLeave(Instant now)
    {
        while (_farewells.TryPop(now, out var errand))
        {
            // Its owner came back in the meantime: the binding is his.
            if (_registrations.OfKey(errand.Registration.Key) is null) Deregister(now, errand.Registration, errand.Tries + 1);
        }
    }
}
