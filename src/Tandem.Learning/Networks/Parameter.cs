namespace Tandem.Learning.Networks;

/// <summary>Where one matrix of a network's parameters lies among all of them.</summary>
/// <param name="Name">Name, unique in the network.</param>
/// <param name="Start">First element.</param>
/// <param name="RowCount">Number of rows.</param>
/// <param name="ColumnCount">Number of columns.</param>
/// <param name="Deviation">Standard deviation of its first values, drawn from the normal distribution around
/// <paramref name="Centre"/>.</param>
/// <param name="Centre">Mean of its first values.</param>
internal sealed record Parameter(
    string Name, int Start, int RowCount, int ColumnCount, double Deviation, float Centre)
{
    public int Length => RowCount * ColumnCount;

    /// <summary>True for weights, which weight decay draws to zero; false for biases and gains.</summary>
    public bool Decays => RowCount > 1;

    /// <summary>Its part of all parameters, or of all gradients.</summary>
    public Span<float> In(float[] all) => all.AsSpan(Start, Length);
}
