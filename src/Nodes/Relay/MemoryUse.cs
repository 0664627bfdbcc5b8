namespace Portunus.Nodes.Relay;

/// <summary>How much of its memory the process uses: of the runtime's heap, and of what its control groups allow in all, where OpenSSL's
/// and the kernel's part is counted, too.</summary>
static class MemoryUse
{
    // What the runtime cannot give of its limit, in bytes: parts of regions that are not whole, and what it keeps for itself. Of a small
    // limit a sixth.
    const long Lost = 8 << 20;

    static readonly CgroupMemory Groups = CgroupMemory.Find("/");

    /// <summary>The larger of the two shares, of 1.</summary>
    public static double Share() => Math.Max(OfHeap(), Groups.Share());

    /// <remarks>The runtime's limit is the machine's memory, three quarters of a container's, or DOTNET_GCHeapHardLimit.</remarks>
    static double OfHeap()
    {
        var limit = GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes;
        return limit > 0 ? GC.GetTotalMemory(forceFullCollection: false) / (double)(limit - Math.Min(Lost, limit / 6)) : 0;
    }
}
