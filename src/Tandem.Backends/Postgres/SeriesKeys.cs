using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Storage;

namespace Tandem.Backends.Postgres;

/// <summary>Names the rows: the first eight bytes of the hash of what a series keeps, then the entity's id in
/// UTF-8.</summary>
internal sealed class SeriesKeys
{
    private const int PrefixBytes = sizeof(ulong);

    private readonly byte[][] _prefixes;
    private readonly Dictionary<ulong, int> _kinds = [];
    private readonly Dictionary<string, int[]> _ofEntity;

    public SeriesKeys(IReadOnlyList<SeriesKind> kinds)
    {
        _prefixes = [.. kinds.Select(static kind => Convert.FromHexString(
            ContentHash.Digits(kind.Hash).AsSpan(0, PrefixBytes * 2)))];
        for (int i = 0; i < kinds.Count; i++)
        {
            _kinds.Add(BinaryPrimitives.ReadUInt64BigEndian(_prefixes[i]), i);
        }

        _ofEntity = Enumerable.Range(0, kinds.Count).GroupBy(i => kinds[i].Entity, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        Layout = ContentHash.Of(Encoding.UTF8.GetBytes(string.Join(
            '\n', kinds.Select(static kind => kind.Hash).Order(StringComparer.Ordinal))));
    }

    /// <summary>Says which kinds there are: <c>sha256:…</c>.</summary>
    public string Layout { get; }

    /// <summary>Keys of all series of some entities.</summary>
    public byte[][] Of(IEnumerable<EntityKey> entities)
    {
        List<byte[]> keys = [];
        foreach (EntityKey entity in entities)
        {
            string id = entity.Entity == FeatureView.GlobalEntity ? "" : entity.Id;
            foreach (int kind in _ofEntity.GetValueOrDefault(entity.Entity) ?? [])
            {
                byte[] key = new byte[PrefixBytes + Encoding.UTF8.GetByteCount(id)];
                _prefixes[kind].CopyTo(key, 0);
                Encoding.UTF8.GetBytes(id, key.AsSpan(PrefixBytes));
                keys.Add(key);
            }
        }

        return [.. keys];
    }

    /// <summary>Key of a series.</summary>
    public byte[] Of(PackedSeries series) => [.. _prefixes[series.Kind], .. series.Id.Span];

    /// <summary>The series of a row.</summary>
    public PackedSeries Series(byte[] key, byte[] bytes) => new(
        _kinds[BinaryPrimitives.ReadUInt64BigEndian(key)], key.AsMemory(PrefixBytes), bytes);

    /// <summary>Name of the schema of a system: PostgreSQL cuts names at 63 bytes.</summary>
    public static string Schema(string name)
    {
        const int Longest = 63;
        const int HashDigits = 16;
        string schema = string.Create(CultureInfo.InvariantCulture, $"tandem.{name}");
        if (Encoding.UTF8.GetByteCount(schema) > Longest)
        {
            string hash = ContentHash.Of(Encoding.UTF8.GetBytes(schema));
            schema = $"tandem.{ContentHash.Digits(hash).AsSpan(0, HashDigits)}";
        }

        return $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
