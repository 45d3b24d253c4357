namespace Tandem.Learning.RowNetworks;

/// <summary>By what the order of the rows of a group is learned; the numbers are those of the setting.</summary>
internal enum OrderLoss
{
    /// <summary>Softmax over the group, gains 2^grade − 1.</summary>
    Softmax = 0,

    /// <summary>Softmax over the group, against the softmax of the grades.</summary>
    ListNet = 1,

    /// <summary>Pairs of different grades, logistic.</summary>
    Pairs = 2,

    /// <summary>Pairs of different grades, by a margin of 1.</summary>
    Margin = 3,
}
