using System.Text;

namespace Tandem.Features.Evaluation;

/// <summary>An expression that is ready to be computed over the cells of a row. Numbers, flags (0 and 1) and moments
/// (seconds since 1970) are numbers here; NaN is null.</summary>
/// <remarks>Never throws, and allocates nothing once its texts have found room. Not thread safe: a text that it gives is
/// valid until it is asked for the next.</remarks>
internal abstract class Formula
{
    /// <summary>The value as a number; NaN where it is null or a text.</summary>
    public virtual double Number(SourceRow row) => double.NaN;

    /// <summary>The value as a text; false where it is null or no text.</summary>
    public virtual bool TryText(SourceRow row, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        return false;
    }

    /// <summary>A number that every row has; NaN for null.</summary>
    internal sealed class Constant(double number) : Formula
    {
        public override double Number(SourceRow row) => number;
    }

    /// <summary>A text that every row has.</summary>
    internal sealed class Literal(string text) : Formula
    {
        private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);

        public override bool TryText(SourceRow row, out ReadOnlySpan<byte> utf8)
        {
            utf8 = _utf8;
            return true;
        }
    }

    /// <summary>A cell of the row.</summary>
    internal sealed class Cell(int column) : Formula
    {
        public override double Number(SourceRow row) => row.Number(column);

        public override bool TryText(SourceRow row, out ReadOnlySpan<byte> utf8)
        {
            utf8 = row.Utf8(column);
            return !row.IsNull(column);
        }
    }

    /// <summary>Computes a number from one.</summary>
    internal sealed class Unary(Func<double, double> function, Formula argument) : Formula
    {
        public override double Number(SourceRow row) => Finite(function(argument.Number(row)));
    }

    /// <summary>Computes a number from two.</summary>
    internal sealed class Binary(Func<double, double, double> function, Formula left, Formula right) : Formula
    {
        public override double Number(SourceRow row) => Finite(function(left.Number(row), right.Number(row)));
    }

    /// <summary>Compares two texts by their bytes.</summary>
    internal sealed class TextComparison(Func<double, double, double> comparison, Formula left, Formula right) : Formula
    {
        public override double Number(SourceRow row) =>
            left.TryText(row, out ReadOnlySpan<byte> first) && right.TryText(row, out ReadOnlySpan<byte> second)
                ? comparison(first.SequenceCompareTo(second), 0)
                : double.NaN;
    }

    /// <summary>One of two values, by a flag; the second where the flag is null.</summary>
    internal sealed class Choice(Formula flag, Formula yes, Formula no) : Formula
    {
        public override double Number(SourceRow row) => Chosen(row).Number(row);

        public override bool TryText(SourceRow row, out ReadOnlySpan<byte> utf8) => Chosen(row).TryText(row, out utf8);

        private Formula Chosen(SourceRow row) => flag.Number(row) == 1 ? yes : no;
    }

    /// <summary>The first of some values that is not null.</summary>
    internal sealed class Coalesce(Formula[] arguments) : Formula
    {
        public override double Number(SourceRow row)
        {
            foreach (Formula argument in arguments)
            {
                if (argument.Number(row) is var number && !double.IsNaN(number))
                {
                    return number;
                }
            }

            return double.NaN;
        }

        public override bool TryText(SourceRow row, out ReadOnlySpan<byte> utf8)
        {
            foreach (Formula argument in arguments)
            {
                if (argument.TryText(row, out utf8))
                {
                    return true;
                }
            }

            utf8 = default;
            return false;
        }
    }

    /// <summary>1 where a value is null, else 0.</summary>
    internal sealed class IsNull(Formula argument, bool isText) : Formula
    {
        public override double Number(SourceRow row) =>
            (isText ? !argument.TryText(row, out _) : double.IsNaN(argument.Number(row))) ? 1 : 0;
    }

    /// <summary>The way between two places on a sphere of the earth's mean radius, in kilometres (haversine).</summary>
    internal sealed class Distance(Formula[] arguments) : Formula
    {
        private const double Radius = 6371.0088;

        public override double Number(SourceRow row)
        {
            double firstLatitude = Radians(arguments[0].Number(row), 90);
            double firstLongitude = Radians(arguments[1].Number(row), 180);
            double secondLatitude = Radians(arguments[2].Number(row), 90);
            double secondLongitude = Radians(arguments[3].Number(row), 180);
            double north = Math.Sin((secondLatitude - firstLatitude) / 2);
            double east = Math.Sin((secondLongitude - firstLongitude) / 2);
            double h = (north * north) + (Math.Cos(firstLatitude) * Math.Cos(secondLatitude) * east * east);
            return Finite(2 * Radius * Math.Asin(Math.Sqrt(Math.Min(1, h))));
        }

        private static double Radians(double degrees, double limit) =>
            Math.Abs(degrees) <= limit ? degrees * (Math.PI / 180) : double.NaN;
    }

    /// <summary>A number that is not finite is null, and −0 is 0.</summary>
    private static double Finite(double number) => double.IsFinite(number) ? number + 0.0 : double.NaN;
}
