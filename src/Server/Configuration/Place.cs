namespace Portunus.Server.Configuration;

/// <summary>Where something stands in a file, both counted from 1 as editors do.</summary>
/// <param name="Line">Of the file.</param>
/// <param name="Column">In characters.</param>
readonly record struct Place(int Line, int Column);
