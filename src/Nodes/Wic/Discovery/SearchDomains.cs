namespace Portunus.Nodes.Wic;

/// <summary>
/// The domains in which this machine is, as its system has them of DHCP or of its administrator (RFC 8155 §4.1.1): <c>search</c>
/// and <c>domain</c> of resolv.conf(5).
/// </summary>
static class SearchDomains
{
    // Each is asked about twice, and the network chose them.
    const int Most = 3;

    /// <param name="file">Its path; one that is not there, as beyond Unix, names none.</param>
    public static IReadOnlyList<string> Read(string file)
    {
        try
        {
            // The last line counts, be it one or the other.
            var last = File.ReadLines(file)
                .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .LastOrDefault(words => words is ["search" or "domain", _, ..]);
            return last is null ? [] : [.. last.Skip(1).Select(word => word.TrimEnd('.')).Where(DiscoveryPlan.IsDomain).Take(Most)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
