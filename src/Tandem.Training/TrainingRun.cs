using Tandem.Learning;
using Tandem.Registry;
using Tandem.Training.Leaks;
using Tandem.Training.Ranking;

namespace Tandem.Training;

/// <summary>One finished training run: what it read, what it fitted, how that compares, and what was decided.</summary>
public sealed record TrainingRun
{
    /// <summary>Identity of the run: a time-ordered UUID.</summary>
    public required string Id { get; init; }

    /// <summary>What started it.</summary>
    public required TrainingCause Cause { get; init; }

    /// <summary>When it started, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Seconds it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Number of the lake manifest that it read.</summary>
    public required long Manifest { get; init; }

    /// <summary>Hash of its training set.</summary>
    public required string TrainingSet { get; init; }

    /// <summary>Interactions read, before the split.</summary>
    public required long Rows { get; init; }

    /// <summary>What looks like a leak in the training set, without stopping the run.</summary>
    public IReadOnlyList<LeakFinding> Leaks { get; init; } = [];

    /// <summary>Figures of all baselines and candidates, on rows that none of them saw.</summary>
    public required EvaluationResult Evaluation { get; init; }

    /// <summary>Name of the best candidate: by the gate's metric, or what the search picked.</summary>
    public required string Best { get; init; }

    /// <summary>What the best candidate went on from, or why it was fitted anew; null where <c>training.warm_start</c> is
    /// off.</summary>
    public string? Start { get; init; }

    /// <summary>How settings were searched; null where no candidate gives ranges.</summary>
    public SearchReport? Search { get; init; }

    /// <summary>What became of the model that orders candidates; null where the file names none.</summary>
    public RankReport? Rank { get; init; }

    /// <summary>The gate's verdict.</summary>
    public required GateVerdict Verdict { get; init; }

    /// <summary>The version registered; null where a run only evaluates.</summary>
    public int? Version { get; init; }
}
