using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Training.Tables;

/// <summary>Rows to learn from and rows to judge on, encoded as models read them: encoders see the first alone.</summary>
internal sealed class TableFold
{
    private readonly RowTable _table;
    private readonly SystemSpec _spec;
    private readonly string _folder;
    private readonly (FeatureEncoders Encoders, LabelledRows Rows)?[] _encoded = new (FeatureEncoders, LabelledRows)?[2];

    public TableFold(RowTable table, SystemSpec spec, string folder, int[] train, int[] test)
    {
        _table = table;
        _spec = spec;
        _folder = folder;
        Train = train;
        Test = test;
    }

    /// <summary>Rows to learn from.</summary>
    public int[] Train { get; }

    /// <summary>Rows to judge on.</summary>
    public int[] Test { get; }

    /// <summary>What a search on the rows to learn from picked; null where there was none.</summary>
    public ModelChoiceSpec? Picked { get; set; }

    /// <summary>All rows as a kind of model reads them.</summary>
    public (FeatureEncoders Encoders, LabelledRows Rows) For(RowModelKind kind) =>
        _encoded[kind.TakesMissing ? 1 : 0] ??= Encode(kind.TakesMissing);

    private (FeatureEncoders Encoders, LabelledRows Rows) Encode(bool takesMissing)
    {
        bool[] isTraining = new bool[_table.Count];
        foreach (int row in Train)
        {
            isTraining[row] = true;
        }

        (FeatureEncoders encoders, EncodedRows encoded) = FeatureEncoders.Fit(
            new EncoderRows
            {
                Numbers = _table.Numbers,
                Values = _table.Values,
                Texts = _table.Texts,
                Labels = FirstLabels(),
                Times = Order(),
                IsTraining = isTraining,
            },
            _spec.Encoders, _folder, takesMissing);
        return (encoders, new LabelledRows
        {
            DenseCount = encoders.DenseCount,
            SparseCount = encoders.SparseCount,
            Dense = encoded.Dense,
            Categories = [.. encoders.Categories],
            Fields = [.. encoders.FeatureOfDense, .. encoders.FeatureOfSparse],
            Starts = encoded.Starts,
            Columns = encoded.Columns,
            Values = encoded.Values,
            Target = _table.Target,
            Labels = _table.Labels,
            Groups = _table.Groups,
        });
    }

    // What the encoder 'target' takes the rate of: of several heads the first.
    private float[] FirstLabels() => _table.Target.LabelCount == 1
        ? _table.Labels
        : [.. Enumerable.Range(0, _table.Count).Select(row => _table.Labels[row * _table.Target.LabelCount])];

    /// <summary>Moments of the rows; without times those of a shuffle, so that the encoder 'target' has a past of any
    /// row.</summary>
    private long[] Order()
    {
        if (_table.Times.Length > 0)
        {
            return _table.Times;
        }

        long[] order = [.. Enumerable.Range(0, _table.Count)];
        if (_spec.Training.Split.By != SplitSpec.Time)
        {
            SeededRandom random = new(_spec.Training.Seed);
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = random.NextInt(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }
        }

        return order;
    }
}
