namespace Portunus.Assessment.Report.Paper;

/// <summary>The whole report, before it has a form.</summary>
sealed record Document(string Title, string Byline, string Footer, IReadOnlyList<Section> Sections);
