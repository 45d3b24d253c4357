using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>The descent of a network and of the table that it reads: parameters, what the optimisers remember, the best so
/// far, and the checkpoint that holds them.</summary>
internal sealed class NetworkDescent
{
    private const double LongestGradient = 5;

    private readonly ParameterLayout _layout;
    private readonly Optimiser _network;
    private readonly LearningRate _rate;

    /// <summary>Begins at drawn parameters.</summary>
    /// <param name="layout">The network's parameters.</param>
    /// <param name="table">The table.</param>
    /// <param name="rule">How both are stepped.</param>
    /// <param name="rate">The learning rate of every step.</param>
    /// <param name="patience">Looks without a better figure after which to stop.</param>
    /// <param name="seed">Seed of the draw, and of every block's stream.</param>
    public NetworkDescent(
        ParameterLayout layout, EmbeddingTable table, OptimiserOptions rule, LearningRate rate, int patience, ulong seed)
    {
        _layout = layout;
        _rate = rate;
        Seed = seed;
        Parameters = layout.Draw(seed);
        Table = table;
        _network = new Optimiser(rule, Parameters.Length);
        TableOptimiser = new Optimiser(rule, table.Rows.Values.Length);
        Stopping = new EarlyStopping(Math.Max(1, patience), Parameters, table.Rows.Values);
    }

    /// <summary>Its seed.</summary>
    public ulong Seed { get; }

    /// <summary>The network's parameters as they are now.</summary>
    public float[] Parameters { get; }

    /// <summary>The table as it is now.</summary>
    public EmbeddingTable Table { get; }

    /// <summary>Steps the table, after <see cref="Step"/> began the step and found <see cref="Clip"/>.</summary>
    public Optimiser TableOptimiser { get; }

    /// <summary>When to stop, and the best parameters.</summary>
    public EarlyStopping Stopping { get; }

    /// <summary>Epochs begun.</summary>
    public int Epoch { get; set; }

    /// <summary>Number of the step to come, from 1.</summary>
    public int NextStep => _network.StepCount + 1;

    /// <summary>What gradients of the table are multiplied by in this step.</summary>
    public float Clip { get; private set; }

    /// <summary>Seed of a block's own draws in the step to come.</summary>
    /// <param name="block">Number of the block, from 0.</param>
    public ulong SeedOf(int block) =>
        // SplitMix's constants keep the streams of steps and blocks apart.
        Seed ^ ((ulong)NextStep * 0x9E3779B97F4A7C15UL) ^ ((ulong)(block + 1) * 0xBF58476D1CE4E5B9UL);

    /// <summary>Puts numbers in an order of the epoch's own.</summary>
    public void Shuffle(Span<int> order)
    {
        SeededRandom random = new(Seed, (ulong)Epoch);
        random.Shuffle(order);
    }

    /// <summary>Begins a step, and takes it for the network.</summary>
    /// <param name="gradients">Gradients of the network, of which the longest are cut: they are overwritten.</param>
    /// <param name="squaresOfTable">Sum of the squares of the table's gradients.</param>
    public void Step(float[] gradients, double squaresOfTable)
    {
        Clip = GradientNorm.Clip(GradientNorm.SumOfSquares(gradients) + squaresOfTable, LongestGradient);
        double rate = _rate.At(NextStep);
        _network.Begin(rate);
        TableOptimiser.Begin(rate);
        Kernel.Scale(Clip, gradients);
        foreach (Parameter parameter in _layout.Parameters)
        {
            _network.Update(Parameters, parameter.Start, parameter.In(gradients), parameter.Decays);
        }
    }

    /// <summary>Writes where it stands.</summary>
    /// <param name="target">The file.</param>
    /// <param name="kind">Which training it is.</param>
    public void Save(Stream target, string kind) => ModelFile.Write(
        target,
        kind,
        [
            new("epoch", Epoch),
            new("steps", _network.StepCount),
            new("has_best", double.IsFinite(Stopping.Best) ? 1 : 0),
            new("best", double.IsFinite(Stopping.Best) ? Stopping.Best : 0),
            new("looks_since_best", Stopping.LooksSinceBest),
        ],
        [.. State().Select(static part => new ModelArray(part.Name, part.Values))]);

    /// <summary>Takes up what was saved under the same rows, settings and seed.</summary>
    /// <exception cref="Faults.TandemException">LRN010 to LRN013: the bytes are no checkpoint of this training.</exception>
    public void Resume(Stream source, string kind)
    {
        ModelContent content = ModelFile.Read(source, kind);
        foreach ((string name, float[] values) in State())
        {
            content.Floats(name, values.Length).CopyTo(values, 0);
        }

        Epoch = content.Count("epoch");
        _network.StepCount = content.Count("steps");
        TableOptimiser.StepCount = _network.StepCount;
        Stopping.Best = content.Count("has_best") == 1 ? content.Setting("best") : double.NegativeInfinity;
        Stopping.LooksSinceBest = content.Count("looks_since_best");
    }

    private (string Name, float[] Values)[] State() =>
    [
        ("network", Parameters),
        ("network_means", _network.Means),
        ("network_squares", _network.Squares),
        ("best_network", Stopping.BestParameters[0]),
        ("table", Table.Rows.Values),
        ("table_means", TableOptimiser.Means),
        ("table_squares", TableOptimiser.Squares),
        ("best_table", Stopping.BestParameters[1]),
    ];
}
