namespace Tandem.Learning.Popularity;

/// <summary>What counts as popular. The defaults count all rows alike.</summary>
public sealed record PopularOptions
{
    /// <summary>Rows older than this many days are left out; 0, the default, keeps all.</summary>
    public double WindowDays { get; init; }

    /// <summary>Days in which a row's weight halves; 0, the default, is off.</summary>
    public double HalfLifeDays { get; init; }

    /// <summary>True where ages matter.</summary>
    public bool IsWindowed => WindowDays > 0 || HalfLifeDays > 0;
}
