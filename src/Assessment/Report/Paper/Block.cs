using System.Xml.Linq;

namespace Portunus.Assessment.Report.Paper;

/// <summary>A piece of the report. The page and the text are both made of the same pieces.</summary>
abstract record Block;

/// <summary>A paragraph.</summary>
sealed record Paragraph(string Text) : Block;

/// <summary>A heading inside of a section.</summary>
sealed record Heading(string Text) : Block;

/// <summary>A list.</summary>
sealed record Bullets(params IReadOnlyList<string> Items) : Block;

/// <summary>What a reader must not overlook.</summary>
sealed record Warning(string Title, IReadOnlyList<string> Items) : Block;

/// <summary>Numbers that stand out, each with what it counts.</summary>
sealed record Tiles(IReadOnlyList<(string Number, string Text, Tone Tone)> Items) : Block;

/// <summary>A table; the first cell of each row heads it.</summary>
sealed record Table(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows) : Block;

/// <summary>Drawings beside each other, that are read as one.</summary>
/// <param name="Caption">What is drawn, and how it is to be read.</param>
/// <param name="Panels">SVG.</param>
/// <param name="Width">Of a panel at least, in CSS pixels; a page that is less wide scrolls it in its box.</param>
sealed record Drawing(string Caption, IReadOnlyList<XElement> Panels, int Width = 330) : Block;

/// <summary>What is there for who wants it.</summary>
sealed record Fold(string Summary, params IReadOnlyList<Block> Blocks) : Block;

/// <summary>The scorecard, whose weights the reader of the page may change.</summary>
sealed record Weights(Results.AssessmentResult Result) : Block;

/// <summary>A section of the report.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">In their order.</param>
sealed record Section(string Id, string Title, params IReadOnlyList<Block> Blocks)
{
    /// <summary>Too much for a text that people read; it says where to find it.</summary>
    public bool IsForPageOnly { get; init; }
}
