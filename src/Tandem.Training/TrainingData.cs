using System.Security.Cryptography;
using System.Text;
using Tandem.Features;
using Tandem.Features.Encoders;
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

    /// <summary>Event times of the rows, microseconds since 1970; empty without times.</summary>
    public long[] Times { get; init; } = [];

    /// <summary>Reads what is known of users and items; null where no model asks for it.</summary>
    public RetrievalFeatures? Features { get; init; }

    /// <summary>What was known of the user of each row; null where nothing is read.</summary>
    public EncoderRows? UserRows { get; init; }

    /// <summary>What was known of items when the rows came, yet to be encoded; null where only the newest is known.</summary>
    public (ItemStates States, EncoderRows Rows)? Past { get; init; }

    /// <summary>Encoders of the models that are judged: fitted on the training rows alone.</summary>
    public RetrievalEncoders? Judged { get; init; }

    /// <summary>Encoders of the model that will serve.</summary>
    public RetrievalEncoders? Final { get; init; }

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
            RetrievalFeatures.AddDeclared(snapshot, spec, now, set.Items, cancellationToken);
        }

        IdOrder users = new(set.Users);
        IdOrder items = new(set.Items);
        (Interactions rows, long[] times) = Renumber(set, users, items);
        Interactions all = rows with
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
            Times = times,
            Hash = set.Hash,
            Window = source.HasTimes ? new DataWindow(query.From ?? Moment(set.EventTimes.Min()), now) : null,
            Shown = ReadShown(snapshot, spec, now, users.Sorted, items.Sorted, cancellationToken),
            TestStart = spec.Training.Split.By == "time" ? now - spec.Training.Split.Test : now,
        };
    }

    /// <summary>The same rows with what is known of users and items: of items, for those that are judged as of the start of
    /// the test window, for the model that will serve as of now; of users, as of each row, and of the moment that somebody is
    /// judged at.</summary>
    public async Task<TrainingData> WithFeaturesAsync(
        RetrievalFeatures features, SystemSpec spec, DateTimeOffset now, CancellationToken cancellationToken)
    {
        (FeatureEncoders? itemsThen, AttributeRows then) =
            await features.ItemsAtAsync(TestStart, cancellationToken).ConfigureAwait(false);
        (FeatureEncoders? itemsNow, AttributeRows today) = TestStart == now
            ? (itemsThen, then)
            : await features.ItemsAtAsync(now, cancellationToken).ConfigureAwait(false);
        (ItemStates States, EncoderRows Rows)? past = spec.Training.Split.By == "time"
            ? await features.ReadPastAsync(All, Times, spec.Training.Split.Test, now, spec.Training.Seed, cancellationToken)
                .ConfigureAwait(false)
            : null;
        Interactions judged = All with { ItemAttributes = then, Past = Encoded(past, itemsThen) };
        Interactions train = Split.Train with { ItemAttributes = then };
        TrainingData data = this with
        {
            Features = features,
            Past = past,
            All = All with { ItemAttributes = today, Past = Encoded(past, itemsNow) },
            Split = past is not null
                ? Divide(judged, spec.Training.Split, spec.Objective.Label.Event)
                : Split with
                {
                    Train = train,
                    History = ReferenceEquals(Split.History, Split.Train) ? train : Split.History,
                },
            Judged = features.Both(null, itemsThen),
            Final = features.Both(null, itemsNow),
        };
        EncoderRows? rows = await features.ReadUsersAsync(All, Times, now, cancellationToken).ConfigureAwait(false);
        return rows is null
            ? data
            : await data.WithUsersAsync(rows, judged, spec, now, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The rows before a moment with what was known then, as a model reads them that shall know no more.</summary>
    /// <returns>The rows, and the encoders of their users, if there are any.</returns>
    public async Task<(Interactions Rows, FeatureEncoders? Users)> BeforeAsync(
        DateTimeOffset moment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Interactions all = All;
        FeatureEncoders? users = null;
        if (UserRows is { } rows)
        {
            long until = LakeTime.ToMicros(moment);
            (users, AttributeRows known) = Features!.Fit(rows, row => Times[row] < until);
            all = All with { UserAttributes = known };
        }

        if (Features is not null)
        {
            (FeatureEncoders? items, AttributeRows then) =
                await Features.ItemsAtAsync(moment, cancellationToken).ConfigureAwait(false);
            all = all with { ItemAttributes = then, Past = Encoded(Past, items) };
        }

        return (DataSplit.ByTime(all, (now - moment).TotalDays).Train, users);
    }

    private static ItemStates Encoded((ItemStates States, EncoderRows Rows)? past, FeatureEncoders? encoders) =>
        past is { } known ? RetrievalFeatures.Encode(known, encoders!) : ItemStates.None;

    private async Task<TrainingData> WithUsersAsync(
        EncoderRows rows, Interactions judged, SystemSpec spec, DateTimeOffset now, CancellationToken cancellationToken)
    {
        SplitSpec by = spec.Training.Split;
        double held = by.Test.TotalDays + by.Gap.TotalDays;
        int[] userOf = new int[All.Count];
        long[] askedAt = new long[All.UserCount];
        Array.Fill(askedAt, LakeTime.ToMicros(TestStart));
        for (int user = 0; user < All.UserCount; user++)
        {
            userOf.AsSpan(All.RowStarts[user]..All.RowStarts[user + 1]).Fill(user);
            if (by.By != "time" && All.ItemsOf(user).Length > 0)
            {
                askedAt[user] = Times[All.RowStarts[user + 1] - 1];
            }
        }

        (FeatureEncoders usersThen, AttributeRows known) = Features!.Fit(
            rows,
            row => by.By == "time"
                ? All.AgeDays[row] >= held
                : All.ItemsOf(userOf[row]).Length < 2 || row < All.RowStarts[userOf[row] + 1] - 1);
        (FeatureEncoders usersNow, AttributeRows all) = Features.Fit(rows, static _ => true);
        DataSplit split = Divide(judged with { UserAttributes = known }, by, spec.Objective.Label.Event);
        return this with
        {
            UserRows = rows,
            All = All with { UserAttributes = all },
            Split = split with
            {
                UserAttributes = await Features.UsersAtAsync(usersThen, Users.Texts(), askedAt, now, cancellationToken)
                    .ConfigureAwait(false),
            },
            Judged = Judged! with { Users = usersThen },
            Final = Final! with { Users = usersNow },
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
            RetrievalFeatures.AddDeclared(snapshot, spec, now, test.Items, cancellationToken);
        }

        IdOrder users = new(test.Users);
        IdOrder items = new(test.Items);
        Interactions seen = Renumber(train, users, items).Rows;
        Interactions held = Renumber(test, users, items).Rows;
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

    private static (Interactions Rows, long[] Times) Renumber(InteractionSet set, IdOrder users, IdOrder items)
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
        long[] times = new long[set.EventTimes.Length];
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
                set.EventTimes.AsSpan(from, count).CopyTo(times.AsSpan(to));
            }
        }

        Interactions rows = new()
        {
            UserCount = userCount,
            ItemCount = items.Sorted.Count,
            RowStarts = starts,
            Items = rowItems,
            AgeDays = ages,
        };
        return (rows, times);
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
