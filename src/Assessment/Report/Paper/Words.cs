using System.Globalization;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Report.Paper;

/// <summary>Numbers and names as the report writes them.</summary>
static class Words
{
    public const string NotMeasured = "not measured";

    /// <summary>Three digits or all of the whole part; large ones with a comma at each thousand.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        var form = size switch { < 1 => "0.###", < 10 => "0.##", < 100 => "0.#", _ => "#,0" };
        return value.ToString(form, CultureInfo.InvariantCulture);
    }

    public static string Number(double value, string unit) => unit.Length == 0 ? Number(value) : $"{Number(value)} {unit}";

    public static string Maybe(double? value, string unit = "") => value is { } known ? Number(known, unit) : NotMeasured;

    public static string List(IEnumerable<string> items)
    {
        var all = items.ToArray();
        return all.Length switch
        {
            0 => "none",
            1 => all[0],
            _ => $"{string.Join(", ", all[..^1])} and {all[^1]}",
        };
    }

    public static string Count(int count, string one, string many) => $"{(count == 0 ? "no" : count)} {(count == 1 ? one : many)}";

    public static string Of(RegistrationScenario scenario) => scenario switch
    {
        RegistrationScenario.S1 => "S1, registered by SIP Digest",
        RegistrationScenario.S2 => "S2, registered by a web login",
        _ => "S3, registered with a lent identity",
    };

    public static string OfMetric(string name) => name switch
    {
        MetricName.Registered => "from sign-in to registered",
        MetricName.Candidate => "from the click to the first relay candidate",
        MetricName.Invite => "from the click to the INVITE sent",
        MetricName.Media => "from the click to media through the relay",
        _ => name,
    };

    /// <summary>A solution, and whether the revocation feed was on.</summary>
    public static string Of(ArchitectureResult one) =>
        $"{new Way(one.Solution, one.Variant)}{(one.HasFeed ? " with the revocation feed" : "")}";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
