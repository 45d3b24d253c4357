using Tandem.Learning.Popularity;

namespace Tandem.Learning.UserUser;

/// <summary>Keeps who chose what, for users to be compared.</summary>
public static class UserUserTrainer
{
    /// <summary>Lays the users out; likeness is found when a question comes.</summary>
    /// <param name="rows">Training rows; a repeated item adds its weights up.</param>
    /// <param name="options">How many users to ask.</param>
    /// <param name="context">Progress.</param>
    /// <param name="cancellationToken">Stops before the work.</param>
    /// <remarks>With q the history's counts and r a user's weights, likeness is cos(q, r)·n / (n + shrinkage), n the
    /// number of items in common, and an item's score is the likeness times the weight, summed over the most similar
    /// users: Herlocker et al., <em>An Algorithmic Framework for Performing Collaborative Filtering</em>, 1999, for
    /// choices instead of ratings. O(rows).</remarks>
    public static UserUserModel Fit(
        Interactions rows, UserUserOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Neighbours, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Shrinkage, nameof(options));
        cancellationToken.ThrowIfCancellationRequested();
        UserUserModel model = new(
            Ageing.Merge(rows, halfLifeDays: 0), options, ItemShares.CountAsTieBreak(rows));
        context.Progress?.Report(1);
        return model;
    }
}
