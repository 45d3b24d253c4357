using Tandem.Faults;
using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;

namespace Tandem.Learning.RowNetworks;

/// <summary>Which network over rows, and its sizes: what a model file keeps of it.</summary>
/// <param name="Kind">Name in the catalogue.</param>
internal sealed record RowNetworkShape(string Kind)
{
    public const string Machine = "fm", FieldMachine = "ffm", DeepCross = "dcn";

    /// <summary>k: length of the factors or embeddings, ≥ 1.</summary>
    public required int Factors { get; init; }

    /// <summary>Layers of crosses, ≥ 0.</summary>
    public int CrossLayers { get; init; }

    /// <summary>Hidden layers, ≥ 0.</summary>
    public int Layers { get; init; }

    /// <summary>Width of a hidden layer, ≥ 1.</summary>
    public int Hidden { get; init; } = 1;

    /// <summary>Share of hidden elements dropped while learning, 0 to 1.</summary>
    public double Dropout { get; init; }

    /// <summary>Scores a row, ≥ 1.</summary>
    public int OutputCount { get; init; } = 1;

    /// <summary>Makes one copy of the network.</summary>
    /// <exception cref="TandemException">LRN040: its table would be longer than an array may be.</exception>
    public IRowNetwork Create(RowInputs inputs, ParameterLayout layout)
    {
        IRowNetwork network = Kind == DeepCross
            ? new DeepCrossNetwork(inputs, this, layout)
            : new FactorNetwork(inputs, Kind == FieldMachine, Factors, layout);
        long length = (long)inputs.Count * network.TableWidth;
        return length <= Array.MaxLength
            ? network
            : throw new TandemException(LearningErrors.TableTooLong(Kind, inputs.Count, network.TableWidth));
    }
}
