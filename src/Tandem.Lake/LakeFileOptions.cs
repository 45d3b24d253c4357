namespace Tandem.Lake;

/// <summary>How a file that others wrote is to be read.</summary>
public sealed record LakeFileOptions
{
    /// <summary>Delimiter of delimited text, 1 to 4 characters, such as <c>::</c>; null for that of the
    /// format.</summary>
    public string? Delimiter { get; init; }

    /// <summary>True where delimited text begins with a line of column names. Default true.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Names of the columns of delimited text without a header, in order; none names them
    /// <c>column0</c>, <c>column1</c>, ….</summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [];

    /// <summary>False where quotes mean nothing. Default true.</summary>
    public bool HasQuotes { get; init; } = true;

    /// <summary>Encoding of delimited text: <c>utf-8</c>, <c>latin-1</c> or <c>utf-16</c>. Default
    /// <c>utf-8</c>.</summary>
    public string Encoding { get; init; } = "utf-8";
}
