using Tandem.Learning.Splits;
using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>Rows divided into what models see and what judges them. No row is in both.</summary>
public sealed record DataSplit
{
    /// <summary>How the rows were divided: <c>leave-last-out</c>, <c>time</c>, <c>files</c> or
    /// <c>hold-out</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What models are fitted on.</summary>
    public required Interactions Train { get; init; }

    /// <summary>What each user has done when the model is asked; the items that are not ranked again. The same object
    /// as <see cref="Train"/>, or that and one validation row a user more.</summary>
    public required Interactions History { get; init; }

    /// <summary>What is known of each user when the model is asked, one row a user; none where nothing is.</summary>
    public AttributeRows UserAttributes { get; init; } = AttributeRows.None;

    /// <summary>What the user did next.</summary>
    public required Interactions Test { get; init; }

    /// <summary>Holds out each user's last row. Users with fewer than two rows (three with validation) keep them all
    /// for training and are not judged.</summary>
    /// <param name="all">All rows.</param>
    /// <param name="holdOutValidation">True to hold the last row but one out of training too; it is history when the
    /// last one is predicted. To tune on it, split the training rows of a plain split once more.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together.</exception>
    public static DataSplit LeaveLastOut(Interactions all, bool holdOutValidation = false)
    {
        all.ThrowUnlessSound();
        int fewest = holdOutValidation ? 3 : 2;
        int Held(int user) => all.RowStarts[user + 1] - all.RowStarts[user] < fewest ? 0 : fewest - 1;
        Interactions train = RowSelection.Take(all, (user, row) => row < all.RowStarts[user + 1] - Held(user));
        return new DataSplit
        {
            Name = "leave-last-out",
            Train = train,
            History = holdOutValidation
                ? RowSelection.Take(all, (user, row) => row < all.RowStarts[user + 1] - Math.Min(1, Held(user)))
                : train,
            Test = RowSelection.Take(all, (user, row) => Held(user) > 0 && row == all.RowStarts[user + 1] - 1),
        };
    }

    /// <summary>Holds out the newest days. Ages in the training rows are counted from the start of the test window,
    /// which is <em>now</em> for the model.</summary>
    /// <param name="all">All rows, with times.</param>
    /// <param name="testDays">Length of the test window in days, above 0: rows of a lower age are tested.</param>
    /// <param name="gapDays">Days before the window that nobody sees, ≥ 0: what in production is not yet trained
    /// on.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together, a window is out of range, or rows have no
    /// times.</exception>
    public static DataSplit ByTime(Interactions all, double testDays, double gapDays = 0)
    {
        all.ThrowUnlessSound();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(testDays);
        ArgumentOutOfRangeException.ThrowIfNegative(gapDays);
        if (!all.HasTimes)
        {
            throw new ArgumentException("A split by time needs rows with ages.", nameof(all));
        }

        Interactions train = RowSelection.Take(all, (_, row) => all.AgeDays[row] >= testDays + gapDays);
        Interactions rebased = train with
        {
            AgeDays = [.. train.AgeDays.Select(age => (float)(age - testDays))],
            Shown = all.Shown.Before(testDays + gapDays, testDays),
        };
        return new DataSplit
        {
            Name = "time",
            Train = rebased,
            History = rebased,
            Test = RowSelection.Take(all, (_, row) => all.AgeDays[row] < testDays),
        };
    }

    /// <summary>Takes a split that somebody else made, such as a published one.</summary>
    /// <param name="train">Training rows.</param>
    /// <param name="test">Test rows of the same users and items.</param>
    /// <exception cref="ArgumentException">The counts of users or items differ, or arrays do not fit
    /// together.</exception>
    public static DataSplit Given(Interactions train, Interactions test)
    {
        train.ThrowUnlessSound();
        test.ThrowUnlessSound();
        if (train.UserCount != test.UserCount || train.ItemCount != test.ItemCount)
        {
            throw new ArgumentException(
                $"Training rows have {train.UserCount} users and {train.ItemCount} items, test rows {test.UserCount} " +
                $"and {test.ItemCount}.",
                nameof(test));
        }

        return new DataSplit { Name = "files", Train = train, History = train, Test = test };
    }

    /// <summary>Holds out a share of each user's rows, chosen by a seed: for rows whose order is unknown.</summary>
    /// <param name="all">All rows.</param>
    /// <param name="share">Share of a user's rows, above 0 and below 1, rounded down; users with nothing to hold out keep
    /// all for training and are not judged.</param>
    /// <param name="seed">Chooses the rows; the same for the same user, whoever else there is.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together, or the share is out of range.</exception>
    public static DataSplit HoldOut(Interactions all, double share, ulong seed)
    {
        all.ThrowUnlessSound();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        bool[] isHeld = new bool[all.Count];
        for (int user = 0; user < all.UserCount; user++)
        {
            SeededRandom random = new(seed, (ulong)user);
            int left = all.RowStarts[user + 1] - all.RowStarts[user];
            int wanted = (int)(share * left);
            for (int row = all.RowStarts[user]; wanted > 0; row++, left--)
            {
                isHeld[row] = random.NextInt(left) < wanted;
                wanted -= isHeld[row] ? 1 : 0;
            }
        }

        Interactions train = RowSelection.Take(all, (_, row) => !isHeld[row]);
        return new DataSplit
        {
            Name = "hold-out",
            Train = train,
            History = train,
            Test = RowSelection.Take(all, (_, row) => isHeld[row]),
        };
    }

    /// <summary>Takes the oldest of all rows; where times are not known, rows by chance.</summary>
    /// <param name="all">All rows.</param>
    /// <param name="share">Share of them that is taken, above 0, at most 1.</param>
    /// <param name="seed">Chooses among rows without times.</param>
    public static Interactions Oldest(Interactions all, double share, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        if (all.AgeDays.Length == 0)
        {
            return RowSelection.Take(all, (_, row) => new SeededRandom(seed, (ulong)row).NextDouble() < share);
        }

        float[] ages = [.. all.AgeDays];
        Array.Sort(ages);
        float youngest = ages[Math.Clamp((int)((1 - share) * ages.Length), 0, ages.Length - 1)];
        return RowSelection.Take(all, (_, row) => all.AgeDays[row] >= youngest);
    }

    /// <summary>The rows of some of the users: numbers of users stay, those left out have no rows.</summary>
    /// <param name="share">Share of the users, above 0, at most 1. A larger share keeps those of a smaller
    /// one.</param>
    /// <param name="seed">Chooses the users.</param>
    public DataSplit OfUsers(double share, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        if (share >= 1)
        {
            return this;
        }

        bool[] isKept = new bool[Train.UserCount];
        for (int user = 0; user < isKept.Length; user++)
        {
            isKept[user] = new SeededRandom(seed, (ulong)user).NextDouble() < share;
        }

        Interactions train = RowSelection.Take(Train, (user, _) => isKept[user]);
        return this with
        {
            Train = train,
            History = ReferenceEquals(History, Train) ? train : RowSelection.Take(History, (user, _) => isKept[user]),
            Test = RowSelection.Take(Test, (user, _) => isKept[user]),
        };
    }
}
