using System.Globalization;
using System.Text.Json;
using Tandem.Testing;

namespace Tandem.Numerics.Tests.Statistics;

/// <summary>Numbers that scipy gave, and the samples it gave them for.</summary>
internal static class StatisticsFixture
{
    public static JsonElement Expected(string section)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Find("fixtures/expected.json")));
        return document.RootElement.GetProperty(section).Clone();
    }

    public static double[] Sorted(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetDouble()).Order()];

    public static double[] SortedFile(string name) =>
    [
        .. File.ReadLines(SharedData.Find($"fixtures/{name}"))
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture))
            .Order(),
    ];
}
