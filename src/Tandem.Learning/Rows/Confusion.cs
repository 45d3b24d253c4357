using System.Runtime.InteropServices;

namespace Tandem.Learning.Rows;

/// <summary>Weight of rows by what was predicted and what they were.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct Confusion(double TruePositives, double FalsePositives, double FalseNegatives, double TrueNegatives)
{
    /// <summary>Share of predicted positives that are; 0 where none is predicted.</summary>
    public readonly double Precision => Share(TruePositives, FalsePositives);

    /// <summary>Share of positives that are predicted; 0 where there are none.</summary>
    public readonly double Recall => Share(TruePositives, FalseNegatives);

    /// <summary>Share of negatives that are not predicted; 0 where there are none.</summary>
    public readonly double Specificity => Share(TrueNegatives, FalsePositives);

    /// <summary>Harmonic mean of precision and recall.</summary>
    public readonly double F1 => Share(2 * TruePositives, FalsePositives + FalseNegatives);

    public readonly double Accuracy => Share(TruePositives + TrueNegatives, FalsePositives + FalseNegatives);

    /// <summary>Geometric mean of recall and specificity.</summary>
    public readonly double GeometricMean => Math.Sqrt(Recall * Specificity);

    public void Add(bool isPredicted, bool isPositive, double weight)
    {
        TruePositives += isPredicted && isPositive ? weight : 0;
        FalsePositives += isPredicted && !isPositive ? weight : 0;
        FalseNegatives += !isPredicted && isPositive ? weight : 0;
        TrueNegatives += !isPredicted && !isPositive ? weight : 0;
    }

    private static double Share(double part, double rest) => part > 0 ? part / (part + rest) : 0;
}
