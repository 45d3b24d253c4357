using Tandem.Faults;

namespace Tandem.Learning.Nearest;

/// <summary>What an index file holds, checksums already verified; sections are slices of the memory handed in.</summary>
internal sealed class NearestContent(
    IReadOnlyDictionary<string, double> settings, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> sections)
{
    public double Setting(string name) =>
        settings.TryGetValue(name, out double value) ? value : throw Damaged($"the setting '{name}' is missing");

    /// <summary>A setting that counts things.</summary>
    public int Count(string name)
    {
        double value = Setting(name);
        return value is >= 0 and <= int.MaxValue && value == Math.Floor(value)
            ? (int)value
            : throw Damaged($"the count '{name}' is {value}");
    }

    /// <summary>A section of a known length.</summary>
    public ReadOnlyMemory<byte> Section(string name, long length) =>
        sections.TryGetValue(name, out ReadOnlyMemory<byte> bytes) && bytes.Length == length
            ? bytes
            : throw Damaged($"the section '{name}' is missing or has not {length} bytes");

    public static TandemException Damaged(string what, Exception? inner = null) =>
        new(LearningErrors.DamagedIndex(what), inner);
}
