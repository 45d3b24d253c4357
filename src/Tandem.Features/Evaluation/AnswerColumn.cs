namespace Tandem.Features.Evaluation;

/// <summary>Where the values of one feature go, row by row.</summary>
internal abstract class AnswerColumn
{
    /// <summary>Takes a number; NaN for null.</summary>
    public virtual void Set(int row, double number) => throw new NotSupportedException();

    /// <summary>Takes the value of a feature as of a moment.</summary>
    public virtual void Read(int row, EventSeries series, FeaturePlan plan, long asOf) =>
        Set(row, series.Number(plan, asOf));

    /// <summary>A column of vectors: the one place where doubles become floats.</summary>
    internal sealed class Vector(float[] values, int width, int index) : AnswerColumn
    {
        public override void Set(int row, double number) => values[((long)row * width) + index] = (float)number;
    }

    /// <summary>Numbers that are computed with.</summary>
    internal sealed class Number(int rows) : AnswerColumn
    {
        public double[] Values { get; } = NewValues(rows);

        public override void Set(int row, double number) => Values[row] = number;

        private static double[] NewValues(int rows)
        {
            double[] values = new double[rows];
            Array.Fill(values, double.NaN);
            return values;
        }
    }

    /// <summary>Texts, or lists of them, that encoders read.</summary>
    internal sealed class Texts(int rows) : AnswerColumn
    {
        public IReadOnlyList<string>[] Values { get; } = [.. Enumerable.Repeat<IReadOnlyList<string>>([], rows)];

        public override void Read(int row, EventSeries series, FeaturePlan plan, long asOf)
        {
            FeatureValue value = series.Value(plan, asOf);
            Values[row] = value.Text is { } text ? [text] : value.Ids;
        }
    }

    /// <summary>Texts that are computed with.</summary>
    internal sealed class Text(int rows) : AnswerColumn
    {
        public string?[] Values { get; } = new string?[rows];

        public override void Read(int row, EventSeries series, FeaturePlan plan, long asOf) =>
            Values[row] = series.Value(plan, asOf).Text;
    }
}
