using System.Globalization;

namespace Portunus.HomeCore;

/// <summary>Spans as a header says them.</summary>
static class Whole
{
    /// <summary>Rounded up: what lasts never ends before it is said to.</summary>
    public static string Seconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
