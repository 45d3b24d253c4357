using Tandem.Learning.Imbalance;

namespace Tandem.Training.Tables;

/// <summary>How the models of a design are judged on a table.</summary>
public sealed record TableEvaluationOptions
{
    /// <summary>Folder of the system's file: files that it names lie there.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Methods for rare positives that each model is fitted with, one after another; baselines never are.</summary>
    public required IReadOnlyList<ImbalanceChoice> Imbalance { get; init; }

    /// <summary>What the names of the models end in.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>True to fit kinds that order whole groups a second time on grades one by one, as numbers.</summary>
    public bool AlsoPointwise { get; init; }

    /// <summary>Number among those read, from 1, of a row that the best model explains; null for none.</summary>
    public int? ExplainedRow { get; init; }

    /// <summary>Tells when the time of a search is over.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Threads to use, at least 1; default all processors. Changes no figure.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;
}
