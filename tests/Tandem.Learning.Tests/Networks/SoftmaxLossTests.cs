using Tandem.Learning.Networks;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Networks;

public sealed class SoftmaxLossTests
{
    [Theory]
    [InlineData(1, 1, 4, 0)]
    [InlineData(5, 9, 4, 0)]
    [InlineData(7, 40, 5, 1)]
    [InlineData(6, 70, 8, 2)]
    [InlineData(6, 70, 8, 3)]
    public void Run_AgreesWithItsTwin_AndSoDoItsGradients(int rowCount, int candidateCount, int width, int variant)
    {
        Batch batch = new(rowCount, candidateCount, width, variant, seed: (ulong)(10 + variant));
        using WorkerTeam team = new(2);
        SoftmaxLoss loss = new(team, width);
        RowBuffer rowGradients = new(width);

        double found = loss.Run(batch.Rows, batch.Task, rowGradients);

        Assert.Equal(batch.Twin(), found, 1e-5);
        for (int i = 0; i < batch.Rows.Values.Length; i++)
        {
            int at = i;
            GradientCheck.AssertClose(
                GradientCheck.Slope(batch.Twin, () => ref batch.Rows.Values[at]), rowGradients.Values[i], 1e-5, $"row {i}");
        }

        for (int i = 0; i < candidateCount * width; i++)
        {
            int at = i;
            GradientCheck.AssertClose(
                GradientCheck.Slope(batch.Twin, () => ref batch.Task.Candidates[at]), batch.Task.CandidateGradients[i], 1e-5,
                $"candidate {i}");
        }
    }

    /// <summary>Many tiles and chunks: against the twin's loss, and the same bytes for any number of threads.</summary>
    [Fact]
    public void Run_OfALargeBatch_IsTheSameForAnyThreadCount()
    {
        const int Width = 8;
        Batch batch = new(200, 8400, Width, variant: 3, seed: 20);
        double expected = batch.Twin();
        List<float[]> results = [];
        foreach (int threads in (int[])[1, 2, 3])
        {
            using WorkerTeam team = new(threads);
            RowBuffer rowGradients = new(Width);

            double found = new SoftmaxLoss(team, Width).Run(batch.Rows, batch.Task, rowGradients);

            Assert.Equal(expected, found, 1e-5);
            results.Add([.. rowGradients.Values, .. batch.Task.CandidateGradients, (float)found]);
        }

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void Run_AfterTheFirstStep_AllocatesNothing_AndAddsWhereAsked()
    {
        const int Width = 8;
        Batch batch = new(50, 300, Width, variant: 3, seed: 21);
        using WorkerTeam team = new(1);
        SoftmaxLoss loss = new(team, Width);
        RowBuffer rowGradients = new(Width);
        _ = loss.Run(batch.Rows, batch.Task, rowGradients);
        float[] once = [.. batch.Task.CandidateGradients];
        batch.Task.AddsGradients = true;

        _ = loss.Run(batch.Rows, batch.Task, rowGradients);
        _ = loss.Run(batch.Rows, batch.Task, rowGradients);
        for (int i = 0; i < once.Length; i++)
        {
            Assert.Equal(3 * once[i], batch.Task.CandidateGradients[i], 1e-6);
        }

        Assert.Equal(0, Allocations.Least(() => _ = loss.Run(batch.Rows, batch.Task, rowGradients)));
    }

    [Fact]
    public void Run_WithoutRows_IsZero()
    {
        using WorkerTeam team = new(1);
        RowBuffer rows = new(4);

        Assert.Equal(0, new SoftmaxLoss(team, 4).Run(rows, new SoftmaxTask { CandidateCount = 3 }, new RowBuffer(4)));
    }

    private sealed class Batch
    {
        public Batch(int rowCount, int candidateCount, int width, int variant, ulong seed)
        {
            SeededRandom random = new(seed);
            Rows = GradientCheck.Rows(rowCount, width, ref random);
            RowBuffer candidates = GradientCheck.Rows(candidateCount, width, ref random, scale: 0.5f);
            int[] labels = new int[rowCount];
            for (int row = 0; row < rowCount; row++)
            {
                labels[row] = random.NextInt(candidateCount);
            }

            Task = new SoftmaxTask
            {
                Candidates = [.. candidates.Values],
                CandidateCount = candidateCount,
                CandidateGradients = new float[candidateCount * width],
                Labels = labels,
            };
            if (variant >= 1)
            {
                Task.Scale = 1.7f;
                Task.Biases = [.. GradientCheck.Rows(candidateCount, 1, ref random).Values];
            }

            if (variant >= 2)
            {
                Task.RowWeights = [.. GradientCheck.Rows(rowCount, 1, ref random).Values];
                foreach (ref float weight in Task.RowWeights.AsSpan())
                {
                    weight = Math.Abs(weight);
                }
            }

            if (variant >= 3)
            {
                Task.CandidateIds = new int[candidateCount];
                for (int i = 0; i < candidateCount; i++)
                {
                    Task.CandidateIds[i] = random.NextInt(Math.Max(1, candidateCount / 3)) * 1000;
                }
            }
        }

        public RowBuffer Rows { get; }

        public SoftmaxTask Task { get; }

        /// <summary>The loss in float64, by its definition.</summary>
        public double Twin()
        {
            double total = 0;
            for (int row = 0; row < Rows.Count; row++)
            {
                int label = Task.Labels[row];
                double sum = 0;
                for (int candidate = 0; candidate < Task.CandidateCount; candidate++)
                {
                    bool isHit = Task.CandidateIds.Length > 0 && candidate != label
                        && Task.CandidateIds[candidate] == Task.CandidateIds[label];
                    sum += isHit ? 0 : Math.Exp(Score(row, candidate));
                }

                double weight = Task.RowWeights.Length == 0 ? 1 : Task.RowWeights[row];
                total += weight * (Math.Log(sum) - Score(row, label));
            }

            return total / Rows.Count;
        }

        private double Score(int row, int candidate)
        {
            double score = 0;
            for (int i = 0; i < Rows.Width; i++)
            {
                score += (double)Rows.Row(row)[i] * Task.Candidates[(candidate * Rows.Width) + i];
            }

            return (Task.Scale * score) + (Task.Biases.Length == 0 ? 0 : Task.Biases[candidate]);
        }
    }
}
