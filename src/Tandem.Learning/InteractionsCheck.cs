namespace Tandem.Learning;

/// <summary>Checks that the arrays of <see cref="Interactions"/> fit together, once, at the door.</summary>
internal static class InteractionsCheck
{
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void ThrowUnlessSound(this Interactions rows)
    {
        if (rows.RowStarts.Length != rows.UserCount + 1 || rows.RowStarts[0] != 0 || rows.RowStarts[^1] != rows.Count)
        {
            throw new ArgumentException(
                $"Row starts must be {rows.UserCount + 1} numbers from 0 to {rows.Count}.", nameof(rows));
        }

        for (int user = 0; user < rows.UserCount; user++)
        {
            if (rows.RowStarts[user + 1] < rows.RowStarts[user])
            {
                throw new ArgumentException($"The rows of user {user} end before they start.", nameof(rows));
            }
        }

        if (rows.Items.AsSpan().ContainsAnyExceptInRange(0, rows.ItemCount - 1))
        {
            throw new ArgumentException($"An item lies outside 0 to {rows.ItemCount - 1}.", nameof(rows));
        }

        if (rows.AgeDays.Length is not 0 && rows.AgeDays.Length != rows.Count)
        {
            throw new ArgumentException($"There are {rows.AgeDays.Length} ages for {rows.Count} rows.", nameof(rows));
        }

        if (rows.Shown.Items.Length != rows.Shown.AgeDays.Length
            || rows.Shown.Items.Length != rows.Shown.Looks.Length
            || rows.Shown.Items.AsSpan().ContainsAnyExceptInRange(0, rows.ItemCount - 1))
        {
            throw new ArgumentException("Impressions must name known items, each with its age and its look.", nameof(rows));
        }

        if (rows.ItemGroups.Length is not 0
            && (rows.ItemGroups.Length != rows.ItemCount || rows.ItemGroups.AsSpan().ContainsAnyExceptInRange(0, rows.ItemCount)))
        {
            throw new ArgumentException(
                $"Groups must be {rows.ItemCount} numbers from 0 to {rows.ItemCount}, one an item.", nameof(rows));
        }

        rows.ItemAttributes.ThrowUnlessSound(nameof(rows.ItemAttributes), rows.ItemCount);
        rows.UserAttributes.ThrowUnlessSound(nameof(rows.UserAttributes), rows.Count);
        rows.Past.ThrowUnlessSound(rows);
        if (rows.Weights.Length is not 0 && rows.Weights.Length != rows.Count)
        {
            throw new ArgumentException(
                $"There are {rows.Weights.Length} weights for {rows.Count} rows.", nameof(rows));
        }
    }
}
