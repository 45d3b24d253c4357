namespace Tandem.Learning;

/// <summary>What an evaluation found, and exactly how it was measured. Its JSON is the output of
/// <c>tandem evaluate --json</c>.</summary>
/// <param name="Protocol">How it was measured.</param>
/// <param name="Models">One entry a model.</param>
public sealed record EvaluationResult(EvaluationProtocol Protocol, IReadOnlyList<ModelEvaluation> Models)
{
    /// <summary>The best model less each other one, on the same resamples of users; null where nothing was
    /// compared.</summary>
    public IReadOnlyList<ModelDifference>? Differences { get; init; }

    /// <summary>What was seen in the rows that figures are of; null where nothing was looked for.</summary>
    public IReadOnlyList<DataCheck>? Checks { get; init; }

    /// <summary>Why the best model says what it says of the row that was asked for; null where none was.</summary>
    public ExplainedRow? Explained { get; init; }

    /// <summary>How settings were searched, once for each division of the rows; null where no candidate gave ranges.</summary>
    public IReadOnlyList<SearchReport>? Searches { get; init; }
}

/// <summary>The best model and another one on the same users.</summary>
/// <param name="Best">Name of the model with the highest figure.</param>
/// <param name="Other">Name of the other model.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Difference">Best less other.</param>
/// <param name="Low">Lower end of the 95 % paired-bootstrap interval of the difference.</param>
/// <param name="High">Upper end.</param>
public sealed record ModelDifference(
    string Best, string Other, string Metric, double Difference, double Low, double High);

/// <summary>How models were judged.</summary>
/// <param name="Task">Task, such as <c>retrieval</c>.</param>
/// <param name="Split">How test rows were chosen: <c>leave-last-out</c>, <c>time</c>, <c>files</c>.</param>
/// <param name="Candidates">What was ranked: <c>all items outside the training history</c>.</param>
/// <param name="Ties">Tie rule: <c>lowest item id first</c>.</param>
/// <param name="Seed">Seed of the bootstrap.</param>
/// <param name="Users">Users judged; of rows, their groups, or 0 where they stand alone.</param>
/// <param name="Items">Items ranked for each; 0 of rows.</param>
/// <param name="TrainRows">Rows the models saw.</param>
/// <param name="TestRows">Rows they were judged on.</param>
/// <param name="Interval">Meaning of the intervals:
/// <c>95 % percentile bootstrap over users, 1000 resamples</c>.</param>
public sealed record EvaluationProtocol(
    string Task, string Split, string Candidates, string Ties, ulong Seed, int Users, int Items, long TrainRows,
    long TestRows, string Interval);

/// <summary>One model's figures.</summary>
/// <param name="Name">Name of the model, unique in the result.</param>
/// <param name="Metrics">Metric name, such as <c>recall@20</c>, to value.</param>
/// <param name="Intervals">Metric name to its interval, two values.</param>
/// <param name="Seconds">Seconds to fit and score.</param>
public sealed record ModelEvaluation(
    string Name, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, double[]> Intervals,
    double Seconds)
{
    /// <summary>The same metrics for groups of the judged users, or for parts of the rows; null where there are
    /// none.</summary>
    public IReadOnlyList<SliceEvaluation>? Slices { get; init; }

    /// <summary>How probabilities compare with what happened, bin by bin; null where there are no
    /// probabilities.</summary>
    public IReadOnlyList<ReliabilityBin>? Reliability { get; init; }

    /// <summary>How intervals around its predictions did; null where none were asked for.</summary>
    public IntervalReport? Interval { get; init; }

    /// <summary>What the model leans on, most important first; null where it was not measured.</summary>
    public IReadOnlyList<FeatureImportance>? Importance { get; init; }
}

/// <summary>One model's figures for a group of the judged users, or for a part of the rows.</summary>
/// <param name="Name">Name of the group: <c>new_users</c>, <c>new_items</c>, <c>activity_1</c> to
/// <c>activity_10</c>, or what the rows share, such as <c>country=DE</c>.</param>
/// <param name="Users">Users in it; of rows, their groups, or the rows where they stand alone.</param>
/// <param name="Metrics">Metric name to figure; coverage of items is left out.</param>
public sealed record SliceEvaluation(string Name, int Users, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Metric name to its interval, two values; null of users.</summary>
    public IReadOnlyDictionary<string, double[]>? Intervals { get; init; }
}

/// <summary>Rows whose probability lies in one bin.</summary>
/// <param name="Low">Lower end of the bin; it does not belong to it, but for 0.</param>
/// <param name="High">Upper end: the greatest of its probabilities.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Predicted">Their mean probability.</param>
/// <param name="Observed">Share of them that happened.</param>
/// <param name="ObservedLow">Lower end of its 95 % interval (Wilson's).</param>
/// <param name="ObservedHigh">Upper end.</param>
public sealed record ReliabilityBin(
    double Low, double High, int Rows, double Predicted, double Observed, double ObservedLow, double ObservedHigh);
