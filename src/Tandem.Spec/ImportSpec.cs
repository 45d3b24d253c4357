namespace Tandem.Spec;

/// <summary>How files become events of a source.</summary>
public sealed record ImportSpec
{
    /// <summary><c>adjacency</c>, <c>csv</c>, <c>tsv</c>, <c>jsonl</c>, <c>libsvm</c> or <c>parquet</c>.</summary>
    public required string Format { get; init; }

    /// <summary>File names relative to the data folder, by part: <c>train</c>, <c>test</c>, or <c>all</c>.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Target (an entity, a column, <c>time</c> or <c>known</c>) to the column in the file; empty: same
    /// names.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary><c>iso</c>, <c>unix_s</c>, <c>unix_ms</c>; null guesses.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>For libsvm: file of the number of rows of each group, which gives the column <c>qid</c>; null for
    /// none.</summary>
    public string? Groups { get; init; }

    /// <summary>True where the first line of CSV or TSV names the columns.</summary>
    public bool HasHeader { get; init; } = true;
}
