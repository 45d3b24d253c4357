namespace Tandem.Learning;

/// <summary>Who asks for items: a known user, a history, or both.</summary>
public readonly ref struct ItemQuery
{
    /// <summary>User index at training time, or -1 for one the model has not seen.</summary>
    public int User { get; init; }

    /// <summary>The user's items, oldest first; may be empty. Items that the model does not know are left out by the
    /// caller.</summary>
    public ReadOnlySpan<int> History { get; init; }

    /// <summary>Age of each history entry in days, length as <see cref="History"/>, or empty where times are
    /// unknown.</summary>
    public ReadOnlySpan<float> AgeDays { get; init; }

    /// <summary>True where the history differs from the one at training time, so that a model with stored user factors
    /// must fold it in.</summary>
    public bool HistoryIsNew { get; init; }

    /// <summary>What is known of the user now: one row, encoded as for fitting; no row where nothing is.</summary>
    public FeatureRows Attributes { get; init; }
}
