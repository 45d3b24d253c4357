namespace Tandem.Monitoring.Skew;

/// <summary>Answers whose features were computed again: the same rows and features, served and rebuilt.</summary>
public sealed record ServedRows
{
    /// <summary>Names of the features, in order of the columns.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Id of the event that logged each row, in the order of the log.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Whom each row is about, as <c>entity=id</c>.</summary>
    public required IReadOnlyList<string> About { get; init; }

    /// <summary>The moment of each row.</summary>
    public required IReadOnlyList<DateTimeOffset> Times { get; init; }

    /// <summary>Values as served, shape (rows, features), row-major; NaN is null.</summary>
    public required float[] Served { get; init; }

    /// <summary>Values as rebuilt, in the same shape.</summary>
    public required float[] Rebuilt { get; init; }

    /// <summary>Sampled keys.</summary>
    public required int Keys { get; init; }

    /// <summary>Share of all keys that was sampled, in (0, 1].</summary>
    public required double Share { get; init; }

    /// <summary>Rows of sampled keys that cannot be compared: they were logged under other definitions, or do not say how
    /// much of the log they had seen.</summary>
    public required long LeftOut { get; init; }
}
