using Tandem.Faults;

namespace Tandem.Learning.Catalogue;

/// <summary>Settings of one model, checked against its kind: missing ones have taken their default.</summary>
internal sealed class ParameterValues
{
    private readonly IReadOnlyDictionary<string, double> _given;
    private readonly IReadOnlyList<ModelParameter> _parameters;

    /// <summary>Checks settings.</summary>
    /// <exception cref="TandemException">LRN002 and LRN003, all of them together.</exception>
    public ParameterValues(
        string kind, IReadOnlyList<ModelParameter> parameters, IReadOnlyDictionary<string, double> given)
    {
        List<Fault> faults = [];
        foreach ((string name, double value) in given.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            ModelParameter? parameter = parameters.FirstOrDefault(
                known => string.Equals(known.Name, name, StringComparison.Ordinal));
            if (parameter is null)
            {
                faults.Add(LearningErrors.UnknownParameter(kind, name, [.. parameters.Select(known => known.Name)]));
            }
            else if (!(value >= parameter.Minimum && value <= parameter.Maximum)
                || (parameter.IsWhole && value != Math.Floor(value)))
            {
                faults.Add(LearningErrors.ParameterOutOfRange(kind, parameter, value));
            }
        }

        if (faults.Count > 0)
        {
            throw new TandemException(faults);
        }

        _parameters = parameters;
        _given = given;
    }

    /// <summary>A setting, or its default.</summary>
    public double Number(string name) =>
        _given.TryGetValue(name, out double value)
            ? value
            : _parameters.First(parameter => string.Equals(parameter.Name, name, StringComparison.Ordinal)).Default;

    /// <summary>A whole setting, or its default.</summary>
    public int Whole(string name) => (int)Number(name);
}
