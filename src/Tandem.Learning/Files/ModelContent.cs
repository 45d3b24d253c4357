using Tandem.Faults;

namespace Tandem.Learning.Files;

/// <summary>What a model file holds: its kind, its settings and its arrays, checksums already verified.</summary>
internal sealed class ModelContent(
    string kind, IReadOnlyDictionary<string, double> settings, IReadOnlyList<ModelArray> arrays)
{
    public string Kind => kind;

    public double Setting(string name) =>
        settings.TryGetValue(name, out double value) ? value : throw Damaged($"the setting '{name}' is missing");

    /// <summary>True where there is such a setting.</summary>
    public bool Has(string name) => settings.ContainsKey(name);

    /// <summary>A setting that counts things.</summary>
    public int Count(string name)
    {
        double value = Setting(name);
        return value is >= 0 and <= int.MaxValue && value == Math.Floor(value)
            ? (int)value
            : throw Damaged($"the count '{name}' is {value}");
    }

    /// <summary>A float array of a known length.</summary>
    public float[] Floats(string name, long length) =>
        Find(name) is { Floats: { } values } && values.LongLength == length
            ? values
            : throw Damaged($"the array '{name}' is missing or has not {length} elements");

    /// <summary>An int array of a known length.</summary>
    public int[] Wholes(string name, long length) =>
        Find(name) is { Wholes: { } values } && values.LongLength == length
            ? values
            : throw Damaged($"the array '{name}' is missing or has not {length} elements");

    /// <summary>Length of an array, 0 where it is missing.</summary>
    public int LengthOf(string name) => Find(name).Length;

    public static TandemException Damaged(string what, Exception? inner = null) =>
        new(LearningErrors.Damaged(what), inner);

    private ModelArray Find(string name)
    {
        foreach (ModelArray array in arrays)
        {
            if (string.Equals(array.Name, name, StringComparison.Ordinal))
            {
                return array;
            }
        }

        return default;
    }
}
