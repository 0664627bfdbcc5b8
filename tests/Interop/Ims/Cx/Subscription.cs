namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>A subscriber, and which S-CSCF serves it while it is registered.</summary>
sealed class Subscription(Subscriber subscriber)
{
    public Subscriber Subscriber { get; } = subscriber;

    /// <summary>SIP URI; null while nobody is registered.</summary>
    public string? Server { get; set; }

    /// <summary>The Diameter name of that S-CSCF.</summary>
    public string? Host { get; set; }
}
