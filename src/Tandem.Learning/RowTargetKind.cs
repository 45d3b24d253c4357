namespace Tandem.Learning;

/// <summary>What the label of a row says.</summary>
public enum RowTargetKind
{
    /// <summary>1 or 0. One score a row: log-odds of 1.</summary>
    Binary,

    /// <summary>A class, numbered from 0. One score a class: logits, whose softmax are the probabilities.</summary>
    Multiclass,

    /// <summary>1 or 0 for each of several heads. One score a head: log-odds.</summary>
    Multilabel,

    /// <summary>Any finite number. One score: its mean.</summary>
    Number,

    /// <summary>A count, ≥ 0. One score: the logarithm of its mean (Poisson).</summary>
    Count,

    /// <summary>Any finite number. One score a quantile: the value that so large a share of labels lies
    /// below.</summary>
    Quantile,

    /// <summary>A grade, a whole number from 0 to 30, within a group of rows. One score: higher comes first.</summary>
    Order,
}
