using System.Globalization;

namespace Tandem.Lake;

/// <summary>Pieces of SQL text, quoted.</summary>
internal static class Sql
{
    /// <summary>A name of a column or table.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text value, such as a path.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The place of a value in a JSON object, below some keys.</summary>
    public static string JsonPointer(params ReadOnlySpan<string> keys)
    {
        System.Text.StringBuilder pointer = new();
        foreach (string key in keys)
        {
            pointer.Append('/').Append(
                key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return Text(pointer.ToString());
    }

    /// <summary>A moment.</summary>
    public static string Moment(long micros) =>
        string.Create(CultureInfo.InvariantCulture, $"make_timestamp({micros})");

    /// <summary>A list of files for <c>read_parquet</c>.</summary>
    public static string Paths(IEnumerable<string> paths) => $"[{string.Join(",", paths.Select(Text))}]";

    /// <summary>The type that a column has in the lake's files and results.</summary>
    public static string Type(LakeType type) => type switch
    {
        LakeType.Text => "VARCHAR",
        LakeType.Whole => "BIGINT",
        LakeType.Number => "DOUBLE",
        LakeType.Flag => "BOOLEAN",
        LakeType.Time => "TIMESTAMP",
        LakeType.NumberList => "FLOAT[]",
        LakeType.TextList => "VARCHAR[]",
        _ => throw new System.Diagnostics.UnreachableException($"{type}"),
    };
}
