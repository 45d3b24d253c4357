using Tandem.Learning.Ials;
using Tandem.Numerics;

namespace Tandem.Learning.Tests;

/// <summary>Kinds that can go on from a model of earlier rows.</summary>
public sealed class WarmStartTests
{
    public static TheoryData<string, string> Kinds { get; } = new()
    {
        { "ials", "factors=8;epochs=8" },
        { "bpr", "factors=8;epochs=40" },
        { "sasrec", "factors=8;epochs=16;heads=2;blocks=1;history_length=10;patience=0" },
        { "two_tower", "factors=8;hidden=12;epochs=8;batch_size=128;uniform_negatives=10;validation_share=0" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_GoingOn_IsDecidedByTheModel_AndNotByThreads(string kind, string settings)
    {
        Interactions rows = SmallWorld.Make(seed: 3, userCount: 300);
        ModelKind found = ModelCatalogue.Default.Find(kind);
        Dictionary<string, double> parameters = Parse(settings);
        IItemScorer earlier = Fit(found, rows, parameters, null, threads: 1);

        byte[] one = SmallWorld.Save(Fit(found, rows, parameters, WarmStart.Of(earlier, rows.UserCount), threads: 1));
        byte[] three = SmallWorld.Save(Fit(found, rows, parameters, WarmStart.Of(earlier, rows.UserCount), threads: 3));
        byte[] anew = SmallWorld.Save(earlier);

        Assert.Equal(one, three);
        Assert.NotEqual(anew, one);
        Assert.True(found.GoesOnFrom(earlier, parameters));
        parameters["factors"] = 16;
        Assert.False(found.GoesOnFrom(earlier, parameters));
        Assert.False(ModelCatalogue.Default.Find("popular").GoesOnFrom(earlier, new Dictionary<string, double>(StringComparer.Ordinal)));
        Assert.False(found.GoesOnFrom(
            Fit(ModelCatalogue.Default.Find("popular"), rows, new(StringComparer.Ordinal), null, 1), Parse(settings)));

        // What does not fit is passed over.
        Assert.Equal(
            SmallWorld.Save(Fit(found, rows, parameters, null, threads: 1)),
            SmallWorld.Save(Fit(found, rows, parameters, WarmStart.Of(earlier, rows.UserCount), threads: 1)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_GoingOnWithMoreUsersAndItems_KnowsOldAndNew(string kind, string settings)
    {
        Interactions all = SmallWorld.Make(seed: 5, userCount: 400);
        int known = all.ItemCount - 2;
        Interactions before = Renumbered(all, known, out int[] users, out int[] items);
        ModelKind found = ModelCatalogue.Default.Find(kind);
        Dictionary<string, double> parameters = Parse(settings);
        IItemScorer earlier = Fit(found, before, parameters, null, threads: 2);

        IItemScorer model = Fit(found, all, parameters, new WarmStart(earlier, users, items), threads: 2);

        Assert.Equal(all.ItemCount, model.ItemCount);
        int half = all.ItemCount / 2;
        int[] asked = [.. Enumerable.Range(all.UserCount - 40, 40).Where(user => all.ItemsOf(user).Length > 4)];
        int right = asked.Count(user =>
        {
            float[] scores = SmallWorld.Score(model, new ItemQuery { User = user, History = all.ItemsOf(user) });
            bool isLeft = Kernel.Sum(scores.AsSpan(0, half)) > Kernel.Sum(scores.AsSpan(half));
            return isLeft == (user % 2 == 0);
        });
        Assert.True(right >= 0.8 * asked.Length, $"{kind}: {right} of {asked.Length}");
    }

    [Fact]
    public void Fit_OfIalsGoingOn_IsWholeHalfStepsFromTheEarlierFactors()
    {
        Interactions rows = SmallWorld.Make(seed: 7, userCount: 200);
        Interactions before = DataSplit.Oldest(rows, 0.9, seed: 7);
        IalsOptions options = new() { Factors = 8, Epochs = 4 };
        FitContext context = new() { ThreadCount = 1 };
        IalsModel earlier = IalsTrainer.Fit(before, options, context, CancellationToken.None);

        IalsModel updated = IalsTrainer.Fit(
            rows, options, context with { WarmStart = WarmStart.Of(earlier, rows.UserCount) }, CancellationToken.None);

        SparseRows users = Ageing.Merge(rows, options.HalfLifeDays);
        Matrix userFactors = new(rows.UserCount, options.Factors);
        Matrix itemFactors = new(rows.ItemCount, options.Factors, [.. earlier.ItemVectors.Values]);
        IalsTrainer.RunEpoch(
            users, users.Transpose(), userFactors, itemFactors, options, epoch: 0, context, CancellationToken.None);
        Assert.Equal(itemFactors.Values, updated.ItemVectors.Values);
    }

    [Fact]
    public void Oldest_TakesWhatIsOldest_OrAShareByChance()
    {
        Interactions rows = SmallWorld.Make(seed: 9, userCount: 300);
        Interactions untimed = rows with { AgeDays = [] };

        Interactions oldest = DataSplit.Oldest(rows, 0.9, seed: 1);
        Interactions some = DataSplit.Oldest(untimed, 0.9, seed: 1);

        Assert.InRange(oldest.Count, rows.Count * 0.88, rows.Count * 0.92);
        Assert.True(oldest.AgeDays.Min() >= rows.AgeDays.Order().ElementAt((int)(rows.Count * 0.09)));
        Assert.InRange(some.Count, rows.Count * 0.87, rows.Count * 0.93);
        Assert.Equal(some.Items, DataSplit.Oldest(untimed, 0.9, seed: 1).Items);
        Assert.NotEqual(some.Items, DataSplit.Oldest(untimed, 0.9, seed: 2).Items);
    }

    /// <summary>The rows of all but the last two users, and none of the last items, with users and items numbered
    /// backwards.</summary>
    private static Interactions Renumbered(Interactions all, int known, out int[] users, out int[] items)
    {
        int people = all.UserCount - 2;
        int[] starts = new int[people + 1];
        List<int> rows = [];
        List<float> ages = [];
        for (int user = 0; user < people; user++)
        {
            int of = people - 1 - user;
            for (int row = all.RowStarts[of]; row < all.RowStarts[of + 1]; row++)
            {
                if (all.Items[row] < known)
                {
                    rows.Add(known - 1 - all.Items[row]);
                    ages.Add(all.AgeDays.Length == 0 ? 0 : all.AgeDays[row]);
                }
            }

            starts[user + 1] = rows.Count;
        }

        users = [.. Enumerable.Range(0, all.UserCount).Select(user => user < people ? people - 1 - user : -1)];
        items = [.. Enumerable.Range(0, all.ItemCount).Select(item => item < known ? known - 1 - item : -1)];
        return new Interactions
        {
            UserCount = people,
            ItemCount = known,
            RowStarts = starts,
            Items = [.. rows],
            AgeDays = all.AgeDays.Length == 0 ? [] : [.. ages],
        };
    }

    private static IItemScorer Fit(
        ModelKind kind, Interactions rows, Dictionary<string, double> parameters, WarmStart? start, int threads) => kind.Fit(
            rows, parameters, new FitContext { ThreadCount = threads, WarmStart = start }, CancellationToken.None);

    private static Dictionary<string, double> Parse(string settings) => settings.Split(';').Select(static each => each.Split('='))
        .ToDictionary(
            static each => each[0], static each => double.Parse(each[1], System.Globalization.CultureInfo.InvariantCulture),
            StringComparer.Ordinal);
}
