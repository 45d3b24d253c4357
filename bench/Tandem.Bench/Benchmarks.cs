using Tandem.Bench.Compaction;
using Tandem.Bench.Factors;
using Tandem.Bench.Features;
using Tandem.Bench.Ftrl;
using Tandem.Bench.Imbalance;
using Tandem.Bench.Inference;
using Tandem.Bench.Ingest;
using Tandem.Bench.Journal;
using Tandem.Bench.Nearest;
using Tandem.Bench.Numerics;
using Tandem.Bench.Predicting;
using Tandem.Bench.Ranking;
using Tandem.Bench.Sets;
using Tandem.Bench.Sharing;
using Tandem.Bench.Trees;
using Tandem.Bench.TwoTower;

namespace Tandem.Bench;

/// <summary>Every benchmark there is.</summary>
public static class Benchmarks
{
    /// <summary>In the order of the data's way.</summary>
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new JournalBenchmark(),
        new IngestBenchmark(),
        new CompactionBenchmark(),
        new TrainingSetBenchmark(),
        new FeatureBenchmark(),
        new RankBenchmark(),
        new PredictBenchmark(),
        new DefinitionBenchmark(),
        new InferenceBenchmark(),
        new NumericsBenchmark(),
        new NearestBenchmark(),
        new FtrlBenchmark(),
        new ImbalanceBenchmark(),
        new TwoTowerBenchmark(),
        new TreeBenchmark(),
        new FactorBenchmark(),
        new SharingBenchmark(),
    ];
}
