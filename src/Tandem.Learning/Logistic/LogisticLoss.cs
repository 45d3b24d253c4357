using Tandem.Learning.Imbalance;
using Tandem.Numerics;

namespace Tandem.Learning.Logistic;

/// <summary>The regularised mean log-loss of weighted rows, or their focal loss, and its gradient.</summary>
/// <remarks>L(θ) = Σ wᵢ·log(1 + e^−(2yᵢ−1)mᵢ) / Σ wᵢ + λ/2·‖θ‖² with mᵢ = θ·xᵢ + b; the bias b is not drawn to zero. The
/// parameters stand as dense weights, sparse weights, bias. Rows are added up in a fixed number of parts, in order: the
/// same sums for any number of threads.</remarks>
internal sealed class LogisticLoss
{
    private const int Parts = 16;

    private readonly LabelledRows _rows;
    private readonly double _regularisation;
    private readonly double _weightSum;
    private readonly double _focalGamma;
    private readonly int _threadCount;
    private readonly double[][] _gradients;
    private readonly double[] _losses = new double[Parts];

    public LogisticLoss(LabelledRows rows, double regularisation, int threadCount, double focalGamma = 0)
    {
        _rows = rows;
        _focalGamma = focalGamma;
        _regularisation = regularisation;
        _threadCount = threadCount;
        Length = rows.DenseCount + rows.SparseCount + 1;
        _weightSum = rows.Weights.Length == 0 ? rows.Count : rows.Weights.Sum(static weight => (double)weight);
        _gradients = new double[Parts][];
        for (int part = 0; part < Parts; part++)
        {
            _gradients[part] = new double[Length];
        }
    }

    /// <summary>Number of parameters.</summary>
    public int Length { get; }

    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient, CancellationToken cancellationToken)
    {
        double[] parameters = point.ToArray();
        int rowsAPart = (_rows.Count + Parts - 1) / Parts;
        Array.Clear(_losses);
        foreach (double[] part in _gradients)
        {
            Array.Clear(part);
        }

        ParallelChunks.Run(
            _rows.Count, rowsAPart, _threadCount, static () => 0,
            (_, part, start, end) => _losses[part] = AddRows(parameters, _gradients[part], start, end),
            cancellationToken);
        double loss = 0;
        gradient.Clear();
        for (int part = 0; part < Parts; part++)
        {
            loss += _losses[part];
            double[] partial = _gradients[part];
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += partial[i];
            }
        }

        double squares = 0;
        for (int i = 0; i < gradient.Length - 1; i++)
        {
            gradient[i] = (gradient[i] / _weightSum) + (_regularisation * parameters[i]);
            squares += parameters[i] * parameters[i];
        }

        gradient[^1] /= _weightSum;
        return (loss / _weightSum) + (_regularisation / 2 * squares);
    }

    private double AddRows(double[] parameters, double[] gradient, int start, int end)
    {
        double loss = 0;
        for (int row = start; row < end; row++)
        {
            double margin = Margin(parameters, row);
            double weight = _rows.Weights.Length == 0 ? 1 : _rows.Weights[row];
            (double rowLoss, double slope) = Judge(margin, _rows.Labels[row]);
            loss += weight * rowLoss;
            AddRow(weight * slope, row, gradient);
        }

        return loss;
    }

    /// <summary>A row's loss, and its slope by the margin.</summary>
    private (double Loss, double Slope) Judge(double margin, float label)
    {
        if (_focalGamma > 0)
        {
            double side = label > 0 ? 1 : -1;
            return (FocalLoss.Loss(side * margin, _focalGamma), side * FocalLoss.Slope(side * margin, _focalGamma));
        }

        double signed = label > 0 ? -margin : margin;
        return (
            Math.Max(signed, 0) + Math.Log(1 + Math.Exp(-Math.Abs(signed))), (1 / (1 + Math.Exp(-margin))) - label);
    }

    private double Margin(double[] parameters, int row)
    {
        int dense = _rows.DenseCount;
        ReadOnlySpan<float> x = _rows.Dense.AsSpan(row * dense, dense);
        double margin = parameters[^1];
        for (int i = 0; i < x.Length; i++)
        {
            margin += parameters[i] * x[i];
        }

        for (int i = _rows.Starts[row]; i < _rows.Starts[row + 1]; i++)
        {
            margin += parameters[dense + _rows.Columns[i]] * _rows.Values[i];
        }

        return margin;
    }

    private void AddRow(double error, int row, double[] gradient)
    {
        int dense = _rows.DenseCount;
        ReadOnlySpan<float> x = _rows.Dense.AsSpan(row * dense, dense);
        for (int i = 0; i < x.Length; i++)
        {
            gradient[i] += error * x[i];
        }

        for (int i = _rows.Starts[row]; i < _rows.Starts[row + 1]; i++)
        {
            gradient[dense + _rows.Columns[i]] += error * _rows.Values[i];
        }

        gradient[^1] += error;
    }
}
