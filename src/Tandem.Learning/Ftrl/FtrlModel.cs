using Tandem.Learning.Files;
using Tandem.Learning.Inputs;

namespace Tandem.Learning.Ftrl;

/// <summary>Logistic regression on hashed inputs, as <see cref="FtrlLearner"/> left it. Kind <c>ftrl</c>.</summary>
public sealed class FtrlModel : IRowScorer
{
    internal const string KindName = "ftrl";

    private readonly RowInputs _inputs;
    private readonly FtrlOptions _options;
    private readonly float[] _weights;
    private readonly ScratchPool<Scratch> _scratches;

    internal FtrlModel(RowInputs inputs, FtrlOptions options, float[] weights)
    {
        _inputs = inputs;
        _options = options;
        _weights = weights;
        _scratches = new ScratchPool<Scratch>(
            () => new Scratch(new FtrlSlots(inputs, options.Bits, options.Crosses), new EntryRows(64)));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int DenseCount => _inputs.DenseCount;

    /// <inheritdoc/>
    public int SparseCount => _inputs.SparseCount;

    /// <inheritdoc/>
    /// <remarks>O(inputs and crosses of the rows).</remarks>
    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        Scratch scratch = _scratches.Rent();
        for (int row = 0; row < rows.Count; row++)
        {
            scratch.Entries.Clear();
            scratch.Slots.AddTo(scratch.Entries, in rows, row);
            ReadOnlySpan<int> slots = scratch.Entries.Columns;
            ReadOnlySpan<float> values = scratch.Entries.Values;
            float score = 0;
            for (int i = 0; i < slots.Length; i++)
            {
                score += _weights[slots[i]] * values[i];
            }

            scores[row] = score;
        }

        _scratches.Return(scratch);
    }

    /// <inheritdoc/>
    public void Save(Stream target)
    {
        int[] slots = [.. Enumerable.Range(0, _weights.Length).Where(slot => _weights[slot] != 0)];
        ModelFile.Write(
            target, KindName, [new("dense", DenseCount), new("sparse", SparseCount), new("bits", _options.Bits)],
            [
                .. _inputs.ToArrays(),
                new ModelArray("crosses", [.. _options.Crosses.SelectMany(static pair => new[] { pair.First, pair.Second })]),
                new ModelArray("slots", slots),
                new ModelArray("weights", [.. slots.Select(slot => _weights[slot])]),
            ]);
    }

    internal static FtrlModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        var inputs = RowInputs.Load(content);
        int bits = content.Count("bits");
        int[] crosses = content.Wholes("crosses", content.LengthOf("crosses"));
        int[] slots = content.Wholes("slots", content.LengthOf("slots"));
        float[] kept = content.Floats("weights", slots.Length);
        if (bits is < FtrlOptions.LeastBits or > FtrlOptions.MostBits || crosses.Length % 2 > 0
            || crosses.AsSpan().ContainsAnyExceptInRange(0, inputs.FieldCount - 1)
            || slots.AsSpan().ContainsAnyExceptInRange(0, 1 << bits))
        {
            throw ModelContent.Damaged("its slots or crosses do not fit together");
        }

        float[] weights = new float[(1 << bits) + 1];
        for (int i = 0; i < slots.Length; i++)
        {
            weights[slots[i]] = kept[i];
        }

        FtrlOptions options = new()
        {
            Bits = bits,
            Crosses = [.. crosses.Chunk(2).Select(static pair => (pair[0], pair[1]))],
        };
        return new FtrlModel(inputs, options, weights);
    }

    /// <summary>What one question works with.</summary>
    private sealed record Scratch(FtrlSlots Slots, EntryRows Entries);
}
