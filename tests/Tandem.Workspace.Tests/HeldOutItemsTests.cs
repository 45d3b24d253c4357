using System.Globalization;
using System.IO.Compression;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Testing;
using Tandem.Workspace.Published;

namespace Tandem.Workspace.Tests;

public sealed class HeldOutItemsTests
{
    private static readonly Dictionary<string, double> Small = new(StringComparer.Ordinal)
    {
        ["factors"] = 16,
        ["layers"] = 0,
        ["batch_size"] = 128,
        ["epochs"] = 12,
        ["id_dropout"] = 0.3,
    };

    [Fact]
    public void Judge_OfItemsWhoseAttributesTellTheTaste_IsFarAbovePopularity()
    {
        using TestFolder folder = new();
        Write(folder, itemCount: 400, userCount: 300);

        IReadOnlyList<ModelEvaluation> lines = HeldOutItems.Judge(
            folder["rows.gz"], folder["attributes.gz"], Small, new Silent(), CancellationToken.None);

        Assert.Equal(
            ["popular (held-out items)", "two_tower (held-out items)"], lines.Select(static line => line.Name),
            StringComparer.Ordinal);
        Assert.True(
            lines[1].Metrics["recall@20"] > 1.3 * lines[0].Metrics["recall@20"],
            $"{lines[1].Metrics["recall@20"]} against {lines[0].Metrics["recall@20"]}");
    }

    [Fact]
    public void Judge_WithoutTheFiles_IsACodedFault()
    {
        using TestFolder folder = new();
        Write(folder, itemCount: 20, userCount: 5);
        File.WriteAllText(folder["broken.gz"], "{");

        foreach (string attributes in new[] { folder["nothing.gz"], folder["broken.gz"] })
        {
            TandemException fault = Assert.Throws<TandemException>(() => HeldOutItems.Judge(
                folder["rows.gz"], attributes, Small, new Silent(), CancellationToken.None));

            Assert.Equal("WSP091", fault.Fault.Code);
        }
    }

    /// <summary>Users choose items of one of four tastes; attribute 10 + taste tells it.</summary>
    private static void Write(TestFolder folder, int itemCount, int userCount)
    {
        SeededRandom random = new(seed: 4);
        using StreamWriter rows = new(new GZipStream(File.Create(folder["rows.gz"]), CompressionLevel.Fastest));
        for (int user = 1; user <= userCount; user++)
        {
            int[] items = new int[20];
            foreach (ref int item in items.AsSpan())
            {
                item = 1 + (4 * random.NextInt(itemCount / 4)) + (user % 4);
            }

            rows.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{user} {string.Join(' ', items.Distinct())}"));
        }

        using StreamWriter attributes = new(new GZipStream(File.Create(folder["attributes.gz"]), CompressionLevel.Fastest));
        attributes.Write('{' + string.Join(',', Enumerable.Range(1, itemCount).Select(static item =>
            string.Create(CultureInfo.InvariantCulture, $"\"{item}\":[{10 + ((item - 1) % 4)},{item % 7}]"))) + '}');
    }

    private sealed class Silent : IProgress<(string Step, double Share)>
    {
        public void Report((string Step, double Share) value)
        {
        }
    }
}
