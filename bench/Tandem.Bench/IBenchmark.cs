namespace Tandem.Bench;

/// <summary>One subject that <c>tandem bench</c> measures. A new one is a class and a line in
/// <see cref="Benchmarks"/>.</summary>
public interface IBenchmark
{
    /// <summary>What the command line calls it: one word.</summary>
    string Name { get; }

    /// <summary>What is measured, against what, in one line.</summary>
    string Description { get; }

    /// <summary>Measures.</summary>
    /// <param name="options">Where, and for how long.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken);
}
