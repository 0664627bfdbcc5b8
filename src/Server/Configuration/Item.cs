namespace Portunus.Server.Configuration;

/// <summary>A value of JSON with its place, which the reader of the framework does not keep.</summary>
/// <param name="At">Where it begins.</param>
abstract record Item(Place At)
{
    public sealed record Object(Place At, IReadOnlyList<(string Name, Place At, Item Value)> Members) : Item(At);

    public sealed record List(Place At, IReadOnlyList<Item> Items) : Item(At);

    public sealed record Text(Place At, string Value) : Item(At)
    {
        /// <summary>It may be a secret.</summary>
        public override string ToString() => "text";
    }

    /// <param name="At">Where it begins.</param>
    /// <param name="Value">Null when it is no whole number of 32 bits.</param>
    public sealed record Number(Place At, int? Value) : Item(At);

    public sealed record Truth(Place At, bool Value) : Item(At);

    public sealed record Nothing(Place At) : Item(At);
}
