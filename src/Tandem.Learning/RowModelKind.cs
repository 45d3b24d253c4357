namespace Tandem.Learning;

/// <summary>A kind of model that scores rows of features: its name, settings, and how to fit and load it.</summary>
public sealed record RowModelKind
{
    /// <summary>Name in tandem.yaml, such as <c>logistic</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line of help.</summary>
    public required string Summary { get; init; }

    /// <summary>Its settings.</summary>
    public required IReadOnlyList<ModelParameter> Parameters { get; init; }

    /// <summary>What its labels may say.</summary>
    public IReadOnlyList<RowTargetKind> Targets { get; init; } = [RowTargetKind.Binary];

    /// <summary>True where NaN may stand for a missing value.</summary>
    public bool TakesMissing { get; init; }

    /// <summary>True where scores can be made to rise, or to fall, with a number: see <see cref="LabelledRows.Directions"/>.</summary>
    public bool TakesDirections { get; init; }

    /// <summary>True where it can be fitted by the focal loss.</summary>
    public bool TakesFocalLoss { get; init; }

    /// <summary>Fits a row scorer: rows, parameters by name (missing ones take their default), context. Its scores are those of
    /// the rows as they were before a method for rare positives.</summary>
    public required Func<
        TrainingRows, IReadOnlyDictionary<string, double>, FitContext, CancellationToken, IRowScorer> Fit
    {
        get; init;
    }

    /// <summary>Reads a model of this kind back.</summary>
    public required Func<Stream, IRowScorer> Load { get; init; }
}
