using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>All dense parameters of a network, one after another in one array: what an optimiser steps, a checkpoint keeps
/// and a model file holds. Layers take their place by name while they are made; the copies of a network that work on
/// different blocks of a batch take the same places.</summary>
internal sealed class ParameterLayout
{
    private readonly List<Parameter> _parameters = [];

    /// <summary>The parameters in the order they were taken.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Number of elements of all parameters.</summary>
    public int Length { get; private set; }

    /// <summary>The place of a parameter; made where the name is new.</summary>
    public Parameter Take(string name, int rowCount, int columnCount, double deviation = 0, float centre = 0)
    {
        foreach (Parameter known in _parameters)
        {
            if (string.Equals(known.Name, name, StringComparison.Ordinal))
            {
                return known.RowCount == rowCount && known.ColumnCount == columnCount
                    ? known
                    : throw new ArgumentException($"Parameter '{name}' was taken with another shape.", nameof(name));
            }
        }

        Parameter added = new(name, Length, rowCount, columnCount, deviation, centre);
        _parameters.Add(added);
        Length = checked(Length + added.Length);
        return added;
    }

    /// <summary>Draws the first values of all parameters.</summary>
    public float[] Draw(ulong seed)
    {
        float[] values = new float[Length];
        for (int number = 0; number < _parameters.Count; number++)
        {
            Parameter parameter = _parameters[number];
            SeededRandom random = new(seed, (ulong)number + 1);
            foreach (ref float value in parameter.In(values))
            {
                value = parameter.Centre + (float)(parameter.Deviation == 0 ? 0 : parameter.Deviation * random.NextGaussian());
            }
        }

        return values;
    }
}
