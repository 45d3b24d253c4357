namespace Tandem.Learning.RowNetworks;

/// <summary>How the network's scores become the model's: by a factor and a shift, where the labels are numbers of any
/// size.</summary>
/// <param name="Factor">Multiplier.</param>
/// <param name="Shift">Addend.</param>
internal readonly record struct RowScale(float Factor, float Shift)
{
    /// <summary>Deviation and mean of labels that are numbers; else nothing changes.</summary>
    public static RowScale Of(LabelledRows rows)
    {
        if (rows.Target.Kind != RowTargetKind.Number)
        {
            return new RowScale(1, 0);
        }

        double mean = rows.Labels.Average(static label => (double)label);
        double deviation = Math.Sqrt(rows.Labels.Average(label => (label - mean) * (label - mean)));
        return new RowScale(deviation > 0 ? (float)deviation : 1, (float)mean);
    }
}
