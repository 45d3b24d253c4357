using Tandem.Numerics;

namespace Tandem.Bench.Ftrl;

/// <summary>Algorithm 1 of McMahan and others, 2013, in double precision, as one would write it.</summary>
internal sealed class PlainFtrl(int slotCount, FtrlRates rates)
{
    private readonly double[] _z = Zeros(slotCount);
    private readonly double[] _n = Zeros(slotCount);

    public double Learn(int[] slots, float[] labels)
    {
        const int Width = ClickExamples.Width;
        double[] weights = new double[Width];
        double loss = 0;
        for (int example = 0; example < labels.Length; example++)
        {
            ReadOnlySpan<int> own = slots.AsSpan(example * Width, Width);
            double score = 0;
            for (int i = 0; i < Width; i++)
            {
                double size = Math.Abs(_z[own[i]]) - rates.L1;
                weights[i] = size <= 0
                    ? 0
                    : -Math.Sign(_z[own[i]]) * size / (((rates.Beta + Math.Sqrt(_n[own[i]])) / rates.Alpha) + rates.L2);
                score += weights[i];
            }

            double probability = 1 / (1 + Math.Exp(-score));
            loss -= Math.Log(labels[example] > 0 ? probability : 1 - probability);
            double g = probability - labels[example];
            for (int i = 0; i < Width; i++)
            {
                double sum = _n[own[i]] + (g * g);
                _z[own[i]] += g - ((Math.Sqrt(sum) - Math.Sqrt(_n[own[i]])) / rates.Alpha * weights[i]);
                _n[own[i]] = sum;
            }
        }

        return loss / labels.Length;
    }

    // Written once, so that no page is first met while the clock runs.
    private static double[] Zeros(int count)
    {
        double[] zeros = new double[count];
        Array.Fill(zeros, 0);
        return zeros;
    }
}
