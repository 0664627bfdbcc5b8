namespace Portunus.HomeCore;

/// <summary>Where a subscriber is: the bindings that all identities of its registration set share (TS 23.228 §5.2.1a).</summary>
/// <param name="subscriber">As the HSS described it at the last registration.</param>
sealed class Location(Subscriber subscriber)
{
    public Subscriber Subscriber { get; set; } = subscriber;

    public List<Binding> Bindings { get; } = [];
}
