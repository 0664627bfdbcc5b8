using Portunus.Bedrock;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>Other settings hold from now on, and what lives is held against the new rules for peers. No allocation ends by
    /// it.</summary>
    void Apply(TurnSettings settings)
    {
        (_settings, _peers) = (settings.Validated(), new(settings, _ledger));
        _unauthenticated.Use(settings.Unauthenticated);
        foreach (var allocation in Living())
        {
            allocation.Recheck(_peers);
            RecheckConnections(allocation);
            allocation.Policer = PolicerOf(allocation.Owner);
        }
    }
}
