using Tandem.Spec;

namespace Tandem.Features.Encoders;

/// <summary>A text as the rate of positives of its rows, drawn towards that of all rows: (positives + strength · overall)
/// / (rows + strength), moved and scaled to mean 0 and deviation 1. A missing text is a value like others; of a list, the
/// mean rate counts.</summary>
/// <remarks>D. Micci-Barreca, A preprocessing scheme for high-cardinality categorical attributes (2001). A training row is
/// encoded from the rows alone whose labels had matured before it, as in L. Prokhorenkova and others, CatBoost (2018), with
/// time for their order: its own label is never in its value. Other rows are encoded from all training rows.</remarks>
internal sealed class TargetEncoder : FeatureEncoder
{
    private const string MissingText = "";

    private readonly Dictionary<string, double> _rates = new(StringComparer.Ordinal);
    private readonly double _prior;
    private readonly double _mean;
    private readonly double _deviation;

    public TargetEncoder(EncoderState state)
        : base(state)
    {
        for (int i = 0; i < state.Values.Count; i++)
        {
            _rates[state.Values[i]] = state.Rates[i];
        }

        _prior = state.Prior;
        _mean = state.Mean;
        _deviation = state.Deviation;
    }

    public override int DenseCount => 1;

    /// <summary>Fits, and encodes the training rows from their past.</summary>
    /// <returns>The encoder, and for each training row its own column; NaN for the others.</returns>
    public static (TargetEncoder Encoder, float[] Past) Fit(
        string feature, EncoderSpec spec, TextColumn column, EncoderRows rows)
    {
        double[] rates = PastRates(spec.Strength, column, rows, out RateTable table);
        double[] known = [.. rates.Where(static rate => !double.IsNaN(rate))];
        (double mean, double deviation) = NumberEncoder.MeanAndDeviation(known);
        string[] values = [.. table.Values.Order(StringComparer.Ordinal)];
        TargetEncoder encoder = new(new EncoderState
        {
            Feature = feature,
            Kind = spec.Kind,
            Values = values,
            Rates = [.. values.Select(table.RateOf)],
            Prior = table.Overall,
            Mean = mean,
            Deviation = deviation > 0 ? deviation : 1,
        });
        return (encoder, [.. rates.Select(encoder.Scale)]);
    }

    public override int RoomFor(ReadOnlySpan<string> texts) => 0;

    public override void Encode(
        ReadOnlySpan<string> texts, Span<float> dense, int offset, ref SparseEntries sparse)
    {
        double sum = texts.IsEmpty ? _rates.GetValueOrDefault(MissingText, _prior) : 0;
        foreach (string text in texts)
        {
            sum += _rates.GetValueOrDefault(text, _prior);
        }

        dense[0] = Scale(sum / Math.Max(1, texts.Length));
    }

    private float Scale(double rate) => (float)((rate - _mean) / _deviation);

    /// <summary>Walks the training rows by time; before each, those whose time for a label is over are counted.</summary>
    private static double[] PastRates(
        double strength, TextColumn column, EncoderRows rows, out RateTable table)
    {
        int[] order =
        [
            .. Enumerable.Range(0, rows.Count).Where(row => rows.IsTraining[row]).OrderBy(row => rows.Times[row]),
        ];
        double[] rates = new double[rows.Count];
        Array.Fill(rates, double.NaN);
        table = new RateTable(strength);
        int matured = 0;
        foreach (int row in order)
        {
            while (matured < order.Length && rows.Times[order[matured]] + rows.LabelMicros < rows.Times[row])
            {
                table.Add(column, order[matured], rows.Labels[order[matured++]]);
            }

            rates[row] = table.RateOf(column, row);
        }

        for (; matured < order.Length; matured++)
        {
            table.Add(column, order[matured], rows.Labels[order[matured]]);
        }

        return rates;
    }

    /// <summary>Positives and rows of each value so far.</summary>
    private sealed class RateTable(double strength)
    {
        private readonly Dictionary<string, (double Positives, int Rows)> _counts = new(StringComparer.Ordinal);
        private double _positives;
        private int _rows;

        public IEnumerable<string> Values => _counts.Keys;

        // Before any label is known: a coin.
        public double Overall => _rows == 0 ? 0.5 : _positives / _rows;

        public void Add(TextColumn column, int row, float label)
        {
            _positives += label;
            _rows++;
            int count = column.Count(row);
            for (int i = 0; i < Math.Max(1, count); i++)
            {
                string value = count == 0 ? MissingText : column.Text(row, i);
                (double positives, int rows) = _counts.GetValueOrDefault(value);
                _counts[value] = (positives + label, rows + 1);
            }
        }

        public double RateOf(string value)
        {
            (double positives, int rows) = _counts.GetValueOrDefault(value);
            return rows == 0 ? Overall : (positives + (strength * Overall)) / (rows + strength);
        }

        public double RateOf(TextColumn column, int row)
        {
            int count = column.Count(row);
            double sum = count == 0 ? RateOf(MissingText) : 0;
            for (int i = 0; i < count; i++)
            {
                sum += RateOf(column.Text(row, i));
            }

            return sum / Math.Max(1, count);
        }
    }
}
