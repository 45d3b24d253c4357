using System.Security.Cryptography;
using System.Text;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>The interactions of a run: read as of one moment, numbered by id so that arrival order does not matter, and
/// split.</summary>
internal sealed record TrainingData
{
    private const int MaximumShownRows = 200_000;

    /// <summary>User ids in order: shorter first, then by character.</summary>
    public required EntityIndex Users { get; init; }

    /// <summary>Item ids in the same order.</summary>
    public required EntityIndex Items { get; init; }

    /// <summary>All rows, for the model that will serve.</summary>
    public required Interactions All { get; init; }

    /// <summary>The rows divided.</summary>
    public required DataSplit Split { get; init; }

    /// <summary>Hash over what was read.</summary>
    public required string Hash { get; init; }

    /// <summary>Event times of the rows, or null without times.</summary>
    public DataWindow? Window { get; init; }

    /// <summary>Lists really shown in the test window; null where impressions are not logged or there is no
    /// window.</summary>
    public ShownLists? Shown { get; init; }

    /// <summary>Reads what is known of the items; null where no model asks for it.</summary>
    public ItemFeatures? ItemFeatures { get; init; }

    /// <summary>Start of the test window; the run's moment where there is none.</summary>
    public required DateTimeOffset TestStart { get; init; }

    /// <summary>Reads the rows.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="spec">The system.</param>
    /// <param name="now">The run's moment.</param>
    /// <param name="allItems">True to number the items of the item's table too, chosen or not.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static TrainingData Read(
        LakeSnapshot snapshot, SystemSpec spec, DateTimeOffset now, bool allItems, CancellationToken cancellationToken)
    {
        LabelSpec label = spec.Objective.Label;
        SourceSpec source = spec.Sources[label.Event];
        InteractionQuery query = InteractionQuery.Of(label) with
        {
            UserEntity = source.Entities[0],
            ItemEntity = source.Entities[^1],
        };
        if (spec.Training.Split.By == "files")
        {
            return ReadParts(snapshot, spec, query, now, allItems, cancellationToken);
        }

        if (source.HasTimes)
        {
            query = query with
            {
                From = spec.Training.Window is { } window ? now - window : null,
                To = now,
                KnownUntil = now,
                Now = now,
            };
        }

        var set = InteractionSet.Read(snapshot, spec, query, cancellationToken: cancellationToken);
        if (set.Count == 0)
        {
            throw TrainingErrors.NoPositives(label.Event);
        }

        if (allItems)
        {
            ItemFeatures.AddDeclared(snapshot, spec, now, set.Items, cancellationToken);
        }

        IdOrder users = new(set.Users);
        IdOrder items = new(set.Items);
        Interactions all = Renumber(set, users, items) with
        {
            ItemGroups = ItemGroups.Read(snapshot, spec, source.Entities[^1], items.Sorted, now, cancellationToken),
            Shown = ItemExposures.Read(snapshot, spec, source.Entities[^1], items.Sorted, now, cancellationToken),
        };
        DataSplit split = Divide(all, spec.Training.Split, label.Event);
        return new TrainingData
        {
            Users = users.Sorted,
            Items = items.Sorted,
            All = all,
            Split = split,
            Hash = set.Hash,
            Window = source.HasTimes ? new DataWindow(query.From ?? Moment(set.EventTimes.Min()), now) : null,
            Shown = ReadShown(snapshot, spec, now, users.Sorted, items.Sorted, cancellationToken),
            TestStart = spec.Training.Split.By == "time" ? now - spec.Training.Split.Test : now,
        };
    }

    /// <summary>The same rows with what is known of the items: for those that are judged as of the start of the test
    /// window, for the model that will serve as of now.</summary>
    public async Task<TrainingData> WithItemsAsync(
        ItemFeatures features, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AttributeRows then = await features.AtAsync(TestStart, cancellationToken).ConfigureAwait(false);
        Interactions train = Split.Train with { ItemAttributes = then };
        return this with
        {
            ItemFeatures = features,
            All = All with
            {
                ItemAttributes = TestStart == now
                    ? then
                    : await features.AtAsync(now, cancellationToken).ConfigureAwait(false),
            },
            Split = Split with
            {
                Train = train,
                History = ReferenceEquals(Split.History, Split.Train) ? train : Split.History,
            },
        };
    }

    private static TrainingData ReadParts(
        LakeSnapshot snapshot, SystemSpec spec, InteractionQuery query, DateTimeOffset now, bool allItems,
        CancellationToken cancellationToken)
    {
        var train = InteractionSet.Read(
            snapshot, spec, query with { Part = "train" }, cancellationToken: cancellationToken);
        var test = InteractionSet.Read(
            snapshot, spec, query with { Part = "test" }, train.Users, train.Items, cancellationToken);
        if (train.Count == 0 || test.Count == 0)
        {
            throw TrainingErrors.NoParts(query.Source);
        }

        if (allItems)
        {
            ItemFeatures.AddDeclared(snapshot, spec, now, test.Items, cancellationToken);
        }

        IdOrder users = new(test.Users);
        IdOrder items = new(test.Items);
        Interactions seen = Renumber(train, users, items);
        Interactions held = Renumber(test, users, items);
        byte[] both = Encoding.UTF8.GetBytes(train.Hash + test.Hash);
        return new TrainingData
        {
            Users = users.Sorted,
            Items = items.Sorted,
            All = Join(seen, held),
            Split = DataSplit.Given(seen, held),
            Hash = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(both)),
            TestStart = now,
        };
    }

    private static ShownLists? ReadShown(
        LakeSnapshot snapshot, SystemSpec spec, DateTimeOffset now, EntityIndex users, EntityIndex items,
        CancellationToken cancellationToken) =>
        spec.Objective.Label.Impression is null || spec.Training.Split.By != "time"
            ? null
            : ShownRows.Read(snapshot, spec, now - spec.Training.Split.Test, now, MaximumShownRows, cancellationToken)
                .ToLists(users, items);

    private static DataSplit Divide(Interactions all, SplitSpec split, string source)
    {
        if (split.By == "time" && !all.HasTimes)
        {
            throw TrainingErrors.SplitNeedsTimes(source);
        }

        DataSplit divided = split.By == "time"
            ? DataSplit.ByTime(all, split.Test.TotalDays, split.Gap.TotalDays)
            : DataSplit.LeaveLastOut(all);
        return divided.Train.Count == 0 || divided.Test.Count == 0
            ? throw TrainingErrors.EmptyTest(split.By)
            : divided;
    }

    private static Interactions Renumber(InteractionSet set, IdOrder users, IdOrder items)
    {
        int userCount = users.Sorted.Count;
        int[] starts = new int[userCount + 1];
        for (int user = 0; user < set.UserCount; user++)
        {
            starts[users.NewOf[user] + 1] = set.RowStarts[user + 1] - set.RowStarts[user];
        }

        for (int user = 0; user < userCount; user++)
        {
            starts[user + 1] += starts[user];
        }

        int[] rowItems = new int[set.Count];
        float[] ages = new float[set.AgeDays.Length];
        for (int user = 0; user < set.UserCount; user++)
        {
            int from = set.RowStarts[user];
            int to = starts[users.NewOf[user]];
            int count = set.RowStarts[user + 1] - from;
            for (int i = 0; i < count; i++)
            {
                rowItems[to + i] = items.NewOf[set.RowItems[from + i]];
            }

            if (ages.Length > 0)
            {
                set.AgeDays.AsSpan(from, count).CopyTo(ages.AsSpan(to));
            }
        }

        return new Interactions
        {
            UserCount = userCount,
            ItemCount = items.Sorted.Count,
            RowStarts = starts,
            Items = rowItems,
            AgeDays = ages,
        };
    }

    private static Interactions Join(Interactions first, Interactions second)
    {
        int[] starts = new int[first.UserCount + 1];
        int[] rows = new int[first.Count + second.Count];
        int at = 0;
        for (int user = 0; user < first.UserCount; user++)
        {
            starts[user] = at;
            first.ItemsOf(user).CopyTo(rows.AsSpan(at));
            at += first.ItemsOf(user).Length;
            second.ItemsOf(user).CopyTo(rows.AsSpan(at));
            at += second.ItemsOf(user).Length;
        }

        starts[^1] = at;
        return new Interactions
        {
            UserCount = first.UserCount,
            ItemCount = first.ItemCount,
            RowStarts = starts,
            Items = rows,
        };
    }

    private static DateTimeOffset Moment(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * 10);

    /// <summary>A new numbering of ids: by length, then by character, so that v2 comes before v10.</summary>
    private sealed class IdOrder
    {
        public IdOrder(EntityIndex ids)
        {
            int[] order = [.. Enumerable.Range(0, ids.Count)];
            Array.Sort(order, (a, b) => Compare(ids.Utf8(a), ids.Utf8(b)));
            NewOf = new int[order.Length];
            for (int i = 0; i < order.Length; i++)
            {
                NewOf[order[i]] = i;
                Sorted.FindOrAdd(ids.Utf8(order[i]));
            }
        }

        public EntityIndex Sorted { get; } = new();

        public int[] NewOf { get; }

        private static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
            a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
    }
}
