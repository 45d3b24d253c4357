namespace Tandem.Lake;

/// <summary>Formats of files that others wrote.</summary>
public enum LakeFileFormat
{
    /// <summary>Text with a delimiter, by default a comma; quoted by <c>"</c>, which is doubled inside
    /// quotes.</summary>
    Csv = 0,

    /// <summary>As <see cref="Csv"/>, delimited by a tab.</summary>
    Tsv = 1,

    /// <summary>One JSON object a line.</summary>
    JsonLines = 2,

    /// <summary>Apache Parquet.</summary>
    Parquet = 3,
}
