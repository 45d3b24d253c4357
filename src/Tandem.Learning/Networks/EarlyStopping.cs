namespace Tandem.Learning.Networks;

/// <summary>Ends a training whose validation figure has stopped rising, and keeps the best parameters.</summary>
internal sealed class EarlyStopping
{
    private readonly int _patience;
    private readonly float[][] _watched;
    private readonly float[][] _best;

    /// <summary>Watches parameters.</summary>
    /// <param name="patience">Looks without a better figure after which to stop, ≥ 1.</param>
    /// <param name="watched">All parameters of the model.</param>
    public EarlyStopping(int patience, params float[][] watched)
    {
        _patience = patience;
        _watched = watched;
        _best = [.. watched.Select(static values => (float[])values.Clone())];
    }

    /// <summary>Highest figure so far. Part of a checkpoint.</summary>
    public double Best { get; set; } = double.NegativeInfinity;

    /// <summary>Looks since the best. Part of a checkpoint.</summary>
    public int LooksSinceBest { get; set; }

    /// <summary>The parameters of the best look. Part of a checkpoint.</summary>
    public IReadOnlyList<float[]> BestParameters => _best;

    /// <summary>True where it is time to stop.</summary>
    public bool ShouldStop => LooksSinceBest >= _patience;

    /// <summary>Takes the figure of the parameters as they are now.</summary>
    /// <param name="figure">Higher is better; NaN is never better.</param>
    public void Look(double figure)
    {
        LooksSinceBest++;
        if (figure > Best)
        {
            Best = figure;
            LooksSinceBest = 0;
            Copy(_watched, _best);
        }
    }

    /// <summary>Puts the best parameters back.</summary>
    public void Restore()
    {
        if (Best > double.NegativeInfinity)
        {
            Copy(_best, _watched);
        }
    }

    private static void Copy(float[][] from, float[][] to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            from[i].CopyTo(to[i], 0);
        }
    }
}
