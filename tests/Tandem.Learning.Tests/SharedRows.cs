using System.Globalization;
using System.IO.Compression;
using Tandem.Testing;

namespace Tandem.Learning.Tests;

/// <summary>Reads the public data sets beside the project.</summary>
internal static class SharedRows
{
    public static DataSplit Gowalla() => DataSplit.Given(
        Read("data/gowalla/train.txt.gz", firstId: 0, userCount: 29_858, itemCount: 40_981),
        Read("data/gowalla/test.txt.gz", firstId: 0, userCount: 29_858, itemCount: 40_981));

    public static Interactions Beauty() =>
        Read("data/amazon-beauty/Beauty.txt.gz", firstId: 1, userCount: 22_363, itemCount: 12_101);

    private static Interactions Read(string relative, int firstId, int userCount, int itemCount)
    {
        int[][] histories = new int[userCount][];
        Array.Fill(histories, []);
        using StreamReader lines = new(new GZipStream(File.OpenRead(SharedData.Find(relative)), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            int[] ids = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture) - firstId)];
            if (ids.Length > 0)
            {
                histories[ids[0]] = ids[1..];
            }
        }

        return SmallWorld.From(itemCount, histories);
    }
}
