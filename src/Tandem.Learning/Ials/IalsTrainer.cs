using Tandem.Faults;
using Tandem.Learning.Popularity;
using Tandem.Numerics;

namespace Tandem.Learning.Ials;

/// <summary>Factorises who chose what by implicit alternating least squares.</summary>
public static class IalsTrainer
{
    private const int RowsPerChunk = 64;

    /// <summary>Fits user and item factors.</summary>
    /// <param name="rows">Training rows; a repeated item adds its weights up.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellationToken">Stops between chunks of rows.</param>
    /// <exception cref="TandemException">LRN006: an equation had no solution.</exception>
    /// <remarks>Minimises Σ_seen w·(x·y − 1)² + α₀·Σ_all (x·y)² + Σᵤ λᵤ·|xᵤ|² + Σᵢ λᵢ·|yᵢ|² with λᵤ = λ·(Σw +
    /// α₀·items)^ν and λᵢ likewise, exactly, one side at a time: Rendle et al., <em>Revisiting the Performance of iALS
    /// on Item Recommendation Benchmarks</em>, 2021; or by a few steps of conjugate gradients: Takács et al.,
    /// <em>Applications of the Conjugate Gradient Method for Implicit Feedback Collaborative Filtering</em>, 2011. Users are solved once more at the end,
    /// exactly, so that a stored factor is
    /// what folding the same history in would give. A warm start begins with the factors of an earlier model: users and items that
    /// came since are solved against those that were there. O(epochs·(rows·k² + (users + items)·k³)). The same bytes for any
    /// thread count.</remarks>
    public static IalsModel Fit(
        Interactions rows, IalsOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Factors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        SparseRows users = Ageing.Merge(rows, options.HalfLifeDays);
        SparseRows items = users.Transpose();
        Matrix userFactors = new(rows.UserCount, options.Factors);
        Matrix itemFactors = DrawFactors(rows.ItemCount, options, context.Seed);
        int first = 0;
        if (context.WarmStart is { Model: IalsModel earlier } start && earlier.FactorCount == options.Factors)
        {
            WarmStart.Copy(earlier.UserFactors, start.Users, userFactors);
            WarmStart.Copy(earlier.ItemVectors, start.Items, itemFactors);
            first = WarmStart.FirstPass(options.Epochs);
        }

        for (int epoch = first; epoch < options.Epochs; epoch++)
        {
            RunEpoch(users, items, userFactors, itemFactors, options, epoch, context, cancellationToken);
            context.Progress?.Report((epoch + 1.0) / (options.Epochs + 1));
        }

        Matrix gram = SolveSide(
            users, itemFactors, userFactors, options with { ConjugateSteps = 0 }, options.Epochs, context,
            cancellationToken);
        float[] shares = ItemShares.Count(rows, Ageing.WeighRows(rows, halfLifeDays: 0));
        context.Progress?.Report(1);
        return new IalsModel(userFactors, itemFactors, gram, shares, FoldIn.From(options, rows.ItemCount));
    }

    /// <summary>Solves users with the items held fixed, then items with the users held fixed.</summary>
    internal static void RunEpoch(
        SparseRows users, SparseRows items, Matrix userFactors, Matrix itemFactors, IalsOptions options, int epoch,
        FitContext context, CancellationToken cancellationToken)
    {
        SolveSide(users, itemFactors, userFactors, options, epoch, context, cancellationToken);
        SolveSide(items, userFactors, itemFactors, options, epoch, context, cancellationToken);
    }

    internal static Matrix DrawFactors(int count, IalsOptions options, ulong seed)
    {
        Matrix factors = new(count, options.Factors);
        SeededRandom random = new(seed);
        double deviation = options.InitialDeviation / Math.Sqrt(options.Factors);
        foreach (ref float value in factors.Values.AsSpan())
        {
            value = (float)(deviation * random.NextGaussian());
        }

        return factors;
    }

    /// <summary>Solves every row of one side with the other side held fixed.</summary>
    /// <returns>Gram matrix of the fixed side.</returns>
    private static Matrix SolveSide(
        SparseRows rows, Matrix fixedSide, Matrix solved, IalsOptions options, int epoch, FitContext context,
        CancellationToken cancellationToken)
    {
        Matrix gram = SymmetricSum.Gram(fixedSide, context.ThreadCount, cancellationToken);
        var rule = FoldIn.From(options, fixedSide.RowCount);
        ParallelChunks.Run(
            rows.RowCount,
            RowsPerChunk,
            context.ThreadCount,
            () => new RowSolver(rule, options),
            (solver, _, start, end) =>
            {
                for (int row = start; row < end; row++)
                {
                    if (!solver.Solve(gram, fixedSide, rows.ColumnsOf(row), rows.ValuesOf(row), solved.Row(row)))
                    {
                        throw new TandemException(LearningErrors.Diverged(IalsModel.KindName, epoch + 1));
                    }
                }
            },
            cancellationToken);
        return gram;
    }
}
