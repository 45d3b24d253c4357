namespace Tandem.Learning.Imbalance;

/// <summary>A method for rare positives: its name, settings, and what it makes of the rows that a model is fitted on.</summary>
public sealed record ImbalanceMethod
{
    /// <summary>Name in tandem.yaml, such as <c>down_sample</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line of help.</summary>
    public required string Summary { get; init; }

    /// <summary>Its settings.</summary>
    public IReadOnlyList<ModelParameter> Parameters { get; init; } = [];

    /// <summary>Makes training rows of rows that have both classes, from checked settings.</summary>
    internal Func<ImbalanceWork, TrainingRows> Make { get; init; } = static work => work.Rows;
}
