namespace Portunus.Store.Access;

/// <summary>A key with its times. Its value is a secret and is never shown.</summary>
/// <param name="Id">Its name on the wire: a <c>kid</c>.</param>
/// <param name="Purpose">What it is for; generations count within it.</param>
/// <param name="Generation">0 is the first; each rotation makes the next.</param>
/// <param name="Value">In the form that its purpose wants.</param>
/// <param name="UsedFrom">Unix seconds: before, it is shown to those who verify, and makes nothing.</param>
/// <param name="UsedUntil">Unix seconds: after, its successor makes what is new.</param>
/// <param name="KeptUntil">Unix seconds: after, nothing that it made is good any more.</param>
public sealed record KeyRecord(
    string Id, string Purpose, int Generation, byte[] Value, long UsedFrom, long UsedUntil, long KeptUntil)
{
    public override string ToString() => $"key {Id} for {Purpose}";
}
