namespace Portunus.Epcscf;

/// <summary>Where a message comes from or goes to: a WIC's flow, or a way into the core.</summary>
/// <param name="IsWic">Which of the two; everything else follows from it (obligation 56).</param>
/// <param name="Number">Of the flow or of the core path.</param>
readonly record struct Neighbour(bool IsWic, ulong Number)
{
    /// <summary>The I-CSCF of the home domain: where all that a WIC begins goes first.</summary>
    public static Neighbour Core => Of(default(CorePath));

    public static Neighbour Of(FlowId flow) => new(true, flow.Value);

    public static Neighbour Of(CorePath path) => new(false, path.Value);

    public FlowId Flow => new(Number);

    public CorePath Path => new((uint)Number);
}
