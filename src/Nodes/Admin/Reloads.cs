namespace Portunus.Nodes.Admin;

/// <summary>How often a configuration was read again, and how that went. One writer; others read a little late.</summary>
public sealed class Reloads
{
    public long Successes { get; private set; }

    public long Failures { get; private set; }

    /// <summary>True before any.</summary>
    public bool LastSucceeded { get; private set; } = true;

    public void Count(bool succeeded)
    {
        if (succeeded) Successes++;
        else Failures++;
        LastSucceeded = succeeded;
    }
}
