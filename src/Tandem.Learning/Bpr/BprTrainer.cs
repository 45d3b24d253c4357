using Tandem.Faults;
using Tandem.Learning.Descent;
using Tandem.Learning.Popularity;
using Tandem.Numerics;

namespace Tandem.Learning.Bpr;

/// <summary>Learns factors that put what a user chose before what they did not.</summary>
public static class BprTrainer
{
    private const int Attempts = 8;
    private const double InitialDeviation = 0.1;

    /// <summary>Fits user and item factors.</summary>
    /// <param name="rows">Training rows; a repeated item counts once.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <exception cref="TandemException">LRN017: the steps were too long.</exception>
    /// <remarks>Maximises Σ ln σ(b_i − b_j + p·(q_i − q_j)) − λ·|Θ|² over users, what they chose, i, and items drawn
    /// among those they did not, j, by stochastic descent: Rendle et al., <em>BPR: Bayesian Personalized Ranking from
    /// Implicit Feedback</em>, 2009. Rows are taken in the cells of blocks of users and items dealt anew each epoch, and
    /// j is drawn from the block of i, so that threads never meet and the bytes are the same for any number of them.
    /// O(epochs·rows·k).</remarks>
    public static BprModel Fit(
        Interactions rows, BprOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Factors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.LearningRate, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Regularisation, nameof(options));
        SparseRows chosen = Choices(rows);
        int[] users = UsersOf(chosen);
        SeededRandom random = new(context.Seed);
        Matrix userFactors = Draw(rows.UserCount, options.Factors, ref random);
        Matrix itemFactors = Draw(rows.ItemCount, options.Factors, ref random);
        float[] biases = new float[rows.ItemCount];
        Strata strata = new(rows.UserCount, rows.ItemCount, context.Seed);
        int first = 0;
        if (context.WarmStart is { Model: BprModel earlier } start && earlier.FactorCount == options.Factors)
        {
            earlier.CopyTo(start, userFactors, itemFactors, biases);
            first = WarmStart.FirstPass(options.Epochs);
        }

        for (int epoch = first; epoch < options.Epochs; epoch++)
        {
            float rate = RateOf(options, epoch);
            strata.Deal(epoch);
            strata.Run(
                users,
                chosen.Columns,
                context.ThreadCount,
                () => new BprStep(options.Factors),
                (BprStep step, ReadOnlySpan<int> pairs, int block, ref SeededRandom own) =>
                {
                    ReadOnlySpan<int> items = strata.ColumnsOf(block);
                    foreach (int pair in pairs)
                    {
                        int user = users[pair];
                        int wanted = chosen.Columns[pair];
                        int other = DrawOther(items, chosen.ColumnsOf(user), ref own);
                        if (other >= 0)
                        {
                            Move(
                                step, userFactors.Row(user), itemFactors, biases, wanted, other, rate,
                                (float)options.Regularisation);
                        }
                    }
                },
                cancellationToken);
            Strata.ThrowIfRanAway(BprModel.KindName, epoch, itemFactors);
            Strata.ThrowIfRanAway(BprModel.KindName, epoch, userFactors);
            context.Progress?.Report((epoch + 1.0) / options.Epochs);
        }

        ForgetStrangers(chosen, userFactors);
        return new BprModel(
            userFactors, itemFactors, biases, ItemShares.Count(rows, Ageing.WeighRows(rows, halfLifeDays: 0)), options);
    }

    /// <summary>What each user chose, once, in order of item.</summary>
    internal static SparseRows Choices(Interactions rows) =>
        Ageing.Merge(rows, halfLifeDays: 0).Transpose().Transpose();

    /// <summary>The step of one epoch.</summary>
    internal static float RateOf(BprOptions options, int epoch) =>
        (float)(options.LearningRate * (1 - ((double)epoch / options.Epochs)));

    /// <summary>Draws an item that the user did not choose; -1 where a few attempts find none.</summary>
    internal static int DrawOther(ReadOnlySpan<int> items, ReadOnlySpan<int> chosen, ref SeededRandom random)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int other = items[random.NextInt(items.Length)];
            if (chosen.BinarySearch(other) < 0)
            {
                return other;
            }
        }

        return -1;
    }

    internal static Matrix Draw(int count, int factorCount, ref SeededRandom random)
    {
        Matrix factors = new(count, factorCount);
        foreach (ref float value in factors.Values.AsSpan())
        {
            value = (float)(InitialDeviation / Math.Sqrt(factorCount) * random.NextGaussian());
        }

        return factors;
    }

    private static void Move(
        BprStep step, Span<float> user, Matrix items, float[] biases, int wanted, int other, float rate,
        float regularisation)
    {
        float pull = step.Pull(user, items.Row(wanted), items.Row(other), biases[wanted] - biases[other]);
        biases[wanted] += rate * (pull - (regularisation * biases[wanted]));
        biases[other] += rate * (-pull - (regularisation * biases[other]));
        BprStep.MoveItem(user, items.Row(wanted), pull, rate, regularisation);
        BprStep.MoveItem(user, items.Row(other), -pull, rate, regularisation);
        step.MoveUser(user, pull, rate, regularisation);
    }

    private static int[] UsersOf(SparseRows chosen)
    {
        int[] users = new int[chosen.Columns.Length];
        for (int user = 0; user < chosen.RowCount; user++)
        {
            users.AsSpan(chosen.Starts[user], chosen.CountOf(user)).Fill(user);
        }

        return users;
    }

    /// <summary>Users without rows have no taste: zero, not the noise that they were drawn with.</summary>
    private static void ForgetStrangers(SparseRows chosen, Matrix userFactors)
    {
        for (int user = 0; user < chosen.RowCount; user++)
        {
            if (chosen.CountOf(user) == 0)
            {
                userFactors.Row(user).Clear();
            }
        }
    }
}
