using Tandem.Features;
using Tandem.Lake;
using Tandem.Monitoring.Drift;

namespace Tandem.Workspace;

/// <summary>The feature values that answers used, as columns: read from the impressions that logged them.</summary>
internal static class ImpressionColumns
{
    private const int MaximumRows = 200_000;

    public static List<FeatureColumn> Read(
        LakeSnapshot snapshot, string impression, FeatureSet set, IReadOnlyList<string> names, DateTimeOffset from,
        DateTimeOffset to, CancellationToken cancellationToken)
    {
        List<float[]> rows = [];
        using LakeReader reader = snapshot.Scan(
            new LakeQuery
            {
                Table = impression,
                Columns = [LakeEnvelope.Features],
                From = from,
                To = to,
                Where = [new LakeFilter(LakeEnvelope.Features, LakeComparison.IsNotNull)],
                Limit = MaximumRows,
            },
            cancellationToken);
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                float[] values = new float[set.Count];
                set.ReadJson(reader.Utf8(0, row), values);
                rows.Add(values);
            }
        }

        return [.. names.Select(name => Column(name, set.IndexOf(name), rows))];
    }

    private static FeatureColumn Column(string name, int index, List<float[]> rows)
    {
        float[] values = new float[rows.Count];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = index < 0 ? float.NaN : rows[row][index];
        }

        return new FeatureColumn(name, values);
    }
}
