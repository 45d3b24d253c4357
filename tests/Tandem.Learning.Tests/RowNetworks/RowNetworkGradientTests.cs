using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Learning.RowNetworks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.RowNetworks;

public sealed class RowNetworkGradientTests
{
    private const ulong Seed = 17;

    private static readonly LabelledRows Rows = NetworkRows.Make(Seed, count: 9);

    [Theory]
    [InlineData("fm", 1)]
    [InlineData("fm", 8)]
    [InlineData("ffm", 1)]
    [InlineData("ffm", 5)]
    public void Forward_OfAMachine_EqualsTheSumOverAllPairs(string kind, int factors)
    {
        (IRowNetwork network, EmbeddingTable table, LayerPass pass) = Make(new RowNetworkShape(kind) { Factors = factors });
        var inputs = RowInputs.Of(Rows);

        float[] scores = [.. network.Forward(table, pass).Values];

        for (int row = 0; row < Rows.Count; row++)
        {
            EntryRows entries = new(1);
            inputs.AddTo(entries, Rows.Features, row);
            double expected = pass.Parameters[0];
            for (int i = 0; i < entries.Count; i++)
            {
                float[] one = Of(i);
                expected += one[0] * entries.Values[i];
                for (int j = 0; j < i; j++)
                {
                    int met = kind == "ffm" ? inputs.FieldOf(entries.Columns[j]) : 0;
                    int own = kind == "ffm" ? inputs.FieldOf(entries.Columns[i]) : 0;
                    for (int k = 0; k < factors; k++)
                    {
                        expected += (double)one[1 + (met * factors) + k] * Of(j)[1 + (own * factors) + k]
                            * entries.Values[i] * entries.Values[j];
                    }
                }
            }

            // Float32 sums of some fifty terms of the order of 1.
            Assert.True(Math.Abs(expected - scores[row]) < 1e-4, $"row {row}: {expected} {scores[row]}");

            float[] Of(int i) => [.. table.Rows.Row(entries.Columns[i])];
        }
    }

    [Theory]
    [InlineData("fm", 0, 0, 1)]
    [InlineData("ffm", 0, 0, 1)]
    [InlineData("dcn", 2, 2, 3)]
    [InlineData("dcn", 1, 0, 1)]
    [InlineData("dcn", 0, 1, 2)]
    [InlineData("dcn", 0, 0, 2)]
    public void Backward_OfEveryParameter_EqualsFiniteDifferences(string kind, int crossLayers, int layers, int outputs)
    {
        (IRowNetwork network, EmbeddingTable table, LayerPass pass) = Make(new RowNetworkShape(kind)
        {
            Factors = 3,
            CrossLayers = crossLayers,
            Layers = layers,
            Hidden = 6,
            OutputCount = outputs,
        });
        RowBuffer slopes = new(outputs);
        slopes.Resize(Rows.Count);
        SeededRandom random = new(Seed);
        foreach (ref float slope in slopes.Values)
        {
            slope = (float)random.NextGaussian();
        }

        float[] given = [.. slopes.Values];
        _ = network.Forward(table, pass);
        network.Backward(slopes, table, pass);

        float[] found = [.. pass.Gradients];
        Matrix ofTable = new(table.Rows.RowCount, table.Width);
        for (int i = 0; i < network.Ids.Length; i++)
        {
            Kernel.AddScaled(1, network.IdGradients.Row(i), ofTable.Row(network.Ids[i]));
        }

        AssertNear(found, pass.Parameters, "parameter");
        AssertNear(ofTable.Values, table.Rows.Values, "table");
        Assert.Contains(ofTable.Values, static value => value != 0);

        void AssertNear(float[] gradients, float[] parameters, string name)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                // Central differences in float32: roundings of 1e-6 over a step of 1e-2, and its square.
                const float Step = 0.01f;
                float before = parameters[i];
                parameters[i] = before + Step;
                double above = Loss();
                parameters[i] = before - Step;
                double slope = (above - Loss()) / (2 * Step);
                parameters[i] = before;
                Assert.True(
                    Math.Abs(slope - gradients[i]) < 5e-3 * Math.Max(1, Math.Abs(slope)),
                    $"seed {Seed}, {name} {i}: {slope} {gradients[i]}");
            }
        }

        double Loss()
        {
            double sum = 0;
            ReadOnlySpan<float> scores = network.Forward(table, pass).Values;
            for (int i = 0; i < scores.Length; i++)
            {
                sum += (double)given[i] * scores[i];
            }

            return sum;
        }
    }

    /// <summary>A network over all rows, forward not yet run; every hidden element lies far on one side of the bend of its
    /// ReLU.</summary>
    private static (IRowNetwork Network, EmbeddingTable Table, LayerPass Pass) Make(RowNetworkShape shape)
    {
        ParameterLayout layout = new();
        IRowNetwork network = shape.Create(RowInputs.Of(Rows), layout);
        float[] parameters = layout.Draw(Seed);
        foreach (Parameter bias in layout.Parameters.Where(static each => each.Name.StartsWith("deep.", StringComparison.Ordinal)
            && each.RowCount == 1))
        {
            for (int i = 0; i < bias.Length; i++)
            {
                bias.In(parameters)[i] = i % 3 == 0 ? -15 : 15;
            }
        }

        EmbeddingTable table = network.DrawTable(Seed);
        SeededRandom random = new(Seed, stream: 3);
        foreach (ref float value in table.Rows.Values.AsSpan())
        {
            value = (float)(0.4 * random.NextGaussian());
        }

        for (int row = 0; row < Rows.Count; row++)
        {
            network.Add(Rows.Features, row);
        }

        return (network, table, new LayerPass(parameters, new float[parameters.Length]));
    }
}
