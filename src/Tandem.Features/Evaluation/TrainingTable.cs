using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tandem.Features.Evaluation;

/// <summary>The bytes of a training set's spine and values; <c>docs/formats/training-set.md</c>.</summary>
internal static class TrainingTable
{
    private const int HeaderBytes = 32;
    private const int WidthAt = 16;
    private const int Version = 1;
    private const int HasLabels = 1;
    private const int HasWeights = 2;
    private const int HasParts = 4;
    private const int HasPlaces = 8;

    private static ReadOnlySpan<byte> Magic => "TDMTSET\0"u8;

    /// <summary>Writes everything but the values: a table of no features.</summary>
    public static byte[] WriteRows(Spine spine)
    {
        using var output = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        Magic.CopyTo(header);
        int holds = (spine.Labels.Length > 0 ? HasLabels : 0) | (spine.Weights.Length > 0 ? HasWeights : 0)
            | (spine.Parts.Length > 0 ? HasParts : 0) | (spine.SeenUntil.Length > 0 ? HasPlaces : 0);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], spine.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], spine.Entities.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], holds);
        output.Write(header);
        output.Write(MemoryMarshal.AsBytes<long>(spine.Times));
        output.Write(MemoryMarshal.AsBytes<float>(spine.Labels));
        output.Write(MemoryMarshal.AsBytes<float>(spine.Weights));
        output.Write(MemoryMarshal.AsBytes<long>(spine.SeenUntil));
        if (spine.Parts.Length > 0)
        {
            WriteTexts(output, spine.Parts);
        }

        foreach (string[] ids in spine.Ids)
        {
            WriteTexts(output, ids);
        }

        return output.ToArray();
    }

    /// <summary>Writes the table.</summary>
    /// <param name="rows">What <see cref="WriteRows"/> wrote.</param>
    /// <param name="values">Values, row after row.</param>
    /// <param name="width">Features of a row.</param>
    public static byte[] Write(ReadOnlySpan<byte> rows, float[] values, int width)
    {
        byte[] table = new byte[rows.Length + ((long)values.Length * sizeof(float))];
        rows.CopyTo(table);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(WidthAt), width);
        MemoryMarshal.AsBytes<float>(values).CopyTo(table.AsSpan(rows.Length));
        return table;
    }

    public static (Spine Spine, float[] Values) Read(
        ReadOnlySpan<byte> table, IReadOnlyList<string> entities, string hash)
    {
        try
        {
            if (!table.StartsWith(Magic) || BinaryPrimitives.ReadInt32LittleEndian(table[8..]) != Version
                || BinaryPrimitives.ReadInt32LittleEndian(table[20..]) != entities.Count)
            {
                throw FeaturesErrors.DamagedSet(hash, "its table does not begin with the header of version 1");
            }

            int rows = BinaryPrimitives.ReadInt32LittleEndian(table[12..]);
            int width = BinaryPrimitives.ReadInt32LittleEndian(table[16..]);
            int holds = BinaryPrimitives.ReadInt32LittleEndian(table[24..]);
            ReadOnlySpan<byte> rest = table[HeaderBytes..];
            long[] times = Take<long>(ref rest, rows);
            float[] labels = Take<float>(ref rest, (holds & HasLabels) != 0 ? rows : 0);
            float[] weights = Take<float>(ref rest, (holds & HasWeights) != 0 ? rows : 0);
            long[] places = Take<long>(ref rest, (holds & HasPlaces) != 0 ? rows : 0);
            string[] parts = (holds & HasParts) != 0 ? TakeTexts(ref rest, rows) : [];
            string[][] ids = new string[entities.Count][];
            for (int entity = 0; entity < ids.Length; entity++)
            {
                ids[entity] = TakeTexts(ref rest, rows);
            }

            float[] values = Take<float>(ref rest, checked(rows * width));
            var spine = new Spine
            {
                Entities = entities,
                Ids = ids,
                Times = times,
                Labels = labels,
                Weights = weights,
                Parts = parts,
                SeenUntil = places,
            };
            return rest.IsEmpty ? (spine, values) : throw FeaturesErrors.DamagedSet(hash, "its table is too long");
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw FeaturesErrors.DamagedSet(hash, "its table is cut short");
        }
    }

    /// <summary>Writes distinct texts once, in order of first use, then one number a row.</summary>
    private static void WriteTexts(MemoryStream output, string[] texts)
    {
        var index = new EntityIndex();
        int[] codes = new int[texts.Length];
        for (int row = 0; row < texts.Length; row++)
        {
            codes[row] = index.FindOrAdd(texts[row]);
        }

        byte[] bytes = index.Save();
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        output.Write(length);
        output.Write(bytes);
        output.Write(MemoryMarshal.AsBytes<int>(codes));
    }

    private static string[] TakeTexts(ref ReadOnlySpan<byte> rest, int rows)
    {
        int length = Take<int>(ref rest, 1)[0];
        var index = EntityIndex.Load(rest[..length]);
        rest = rest[length..];
        int[] codes = Take<int>(ref rest, rows);
        string[] texts = new string[rows];
        for (int row = 0; row < rows; row++)
        {
            texts[row] = index.Text(codes[row]);
        }

        return texts;
    }

    private static T[] Take<T>(ref ReadOnlySpan<byte> rest, int count)
        where T : unmanaged
    {
        int bytes = checked(count * Marshal.SizeOf<T>());
        T[] taken = MemoryMarshal.Cast<byte, T>(rest[..bytes]).ToArray();
        rest = rest[bytes..];
        return taken;
    }
}
