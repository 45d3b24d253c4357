namespace Tandem.Workspace.Import;

/// <summary>A field that was taken from a column of another name, because tandem.yaml says nothing about it.</summary>
/// <param name="Source">The source.</param>
/// <param name="File">File, relative to the data folder.</param>
/// <param name="Field">Entity, column or <c>time</c>.</param>
/// <param name="Column">The file's column.</param>
public sealed record GuessedColumn(string Source, string File, string Field, string Column);
