namespace Tandem.Spec.Yaml;

/// <summary>A place in the text.</summary>
/// <param name="Index">Position in characters, from 0, counting a byte order mark.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in characters, from 1.</param>
internal readonly record struct Mark(int Index, int Line, int Column);
