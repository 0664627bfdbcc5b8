using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>Puts the sections of the report together.</summary>
static class ReportDocument
{
    public static Document Of(AssessmentResult result) => new(
        "TURN credentials for WebRTC access to IMS, measured",
        $"A {result.Mode} run of portunus assess {Short(result.Machine.Version)}, begun {Words.Time(result.Began)}, seed {result.Seed}, "
        + $"{Words.Number(result.Seconds)} s",
        $"Made by portunus {Short(result.Machine.Version)} from assessment.json, which has every raw sample over sockets and the quantiles "
        + $"of those in virtual time; its schema is "
        + $"{result.Schema}, in docs/assessment.schema.json.",
        [
            .. new Section?[]
            {
                AbstractSection.Of(result),
                MissingSection.Of(result),
                QuestionSection.Of(result),
                ContributionSection.Of(result),
                ClaimsSection.Of(result),
                RecommendationSection.Of(result),
                MethodSection.Of(result),
                TimesSection.Of(result),
                VirtualSection.Of(result),
                AgreementSection.Of(result),
                TrafficSection.Of(result),
                ArchitectureSection.Of(result),
                ManagementSection.Of(result),
                SecuritySection.Of(result),
                ScaleSection.Of(result),
                LimitsSection.Of(result),
                RawSection.Of(result),
            }.OfType<Section>(),
        ]);

    /// <summary>Of the commit ten digits, as people write it; the method has all.</summary>
    static string Short(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is var plus and >= 0 && version.Length > plus + 11
            ? version[..(plus + 11)]
            : version;
}
