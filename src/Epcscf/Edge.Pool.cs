namespace Portunus.Epcscf;

// An identity of a pool is lent to one WIC at a time (TR 33.871 §5.2): of two REGISTERs that are at the core at once, the core, which
// allows an identity many devices, would confirm both.
public sealed partial class Edge
{
    readonly Dictionary<string, List<Errand.Registering>> _underWay = [];

    void NoteUnderWay(Errand.Registering errand)
    {
        if (errand is not { Token.Claims.Scenario: Scenario.Pool, IsBinding: true }) return;
        if (!_underWay.TryGetValue(errand.AddressOfRecord, out var all)) _underWay.Add(errand.AddressOfRecord, all = []);
        all.Add(errand);
    }

    /// <summary>The core's last word on it has come, or there will be none.</summary>
    void NoteOver(Errand.Registering errand)
    {
        if (_underWay.TryGetValue(errand.AddressOfRecord, out var all) && all.Remove(errand) && all.Count == 0)
            _underWay.Remove(errand.AddressOfRecord);
    }

    /// <summary>Whether the REGISTER of another WIC is at the core for this identity; the same device may have opened a new
    /// WebSocket.</summary>
    bool IsUnderWay(Flow flow, RegistrationKey? key) =>
        _underWay.TryGetValue(flow.AddressOfRecord, out var all)
        && all.Exists(other => other.Flow != flow.Id && (other.Key is not { } its || its != key));
}
