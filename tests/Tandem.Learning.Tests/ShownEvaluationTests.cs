using Tandem.Numerics;

namespace Tandem.Learning.Tests;

public sealed class ShownEvaluationTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 100 };

    [Fact]
    public void JudgeShown_OfAKnownCase_CountsPairsByHand()
    {
        // Scores rise with the item number. Places are paired from the first. List one: 3 chosen rather than 1, right, and 0
        // rather than 5, wrong. List two: everything was chosen, which says nothing; so does list three, whose 4 and 1 are
        // neighbours but no pair. List four: 2 chosen rather than an unknown item, right, and rather than itself, a tie; the
        // 4 at the end has no partner.
        ShownLists lists = new()
        {
            Users = [0, 0, 0, 1],
            Starts = [0, 4, 6, 10, 15],
            Items = [1, 3, 5, 0, 0, 1, 3, 4, 1, 0, -1, 2, 2, 2, 4],
            Chosen =
            [
                false, true, false, true, true, true, true, true, false, false, false, true, true, false, true,
            ],
        };

        Judgement judgement = Evaluation.JudgeShown("rising", new RisingScorer(6), Split(2, 6), lists, Options)!;

        Assert.Equal([0, 1], judgement.Users);
        Assert.Equal([0.5, 0.75], judgement.ValuesOf(Evaluation.ShownAuc).ToArray());
        Assert.Equal(0.625, Evaluation.Summarise(judgement, Options).Metrics[Evaluation.ShownAuc], 12);
    }

    [Fact]
    public void JudgeShown_OnRandomLists_EqualsPlainLoops()
    {
        const ulong Seed = 11;
        SeededRandom random = new(Seed);
        const int UserCount = 40;
        const int ItemCount = 30;
        List<int> users = [];
        List<int> starts = [0];
        List<int> items = [];
        List<bool> chosen = [];
        for (int list = 0; list < 300; list++)
        {
            users.Add(list * UserCount / 300);
            int length = 1 + random.NextInt(8);
            for (int i = 0; i < length; i++)
            {
                items.Add(random.NextInt(ItemCount + 1) - 1);
                chosen.Add(random.NextInt(3) == 0);
            }

            starts.Add(items.Count);
        }

        ShownLists lists = new()
        {
            Users = [.. users],
            Starts = [.. starts],
            Items = [.. items],
            Chosen = [.. chosen],
        };
        RisingScorer model = new(ItemCount);

        Judgement one = Evaluation.JudgeShown("m", model, Split(UserCount, ItemCount), lists, Options with { ThreadCount = 1 })!;
        Judgement two = Evaluation.JudgeShown("m", model, Split(UserCount, ItemCount), lists, Options with { ThreadCount = 2 })!;

        Assert.Equal(one.ValuesOf(Evaluation.ShownAuc).ToArray(), two.ValuesOf(Evaluation.ShownAuc).ToArray());
        Dictionary<int, double> expected = PlainLoops(lists);
        Assert.Equal(expected.Keys.Order(), one.Users);
        for (int i = 0; i < one.Users.Count; i++)
        {
            Assert.Equal(expected[one.Users[i]], one.ValuesOf(Evaluation.ShownAuc)[i], 12);
        }
    }

    [Fact]
    public void JudgeShown_WhereNoListTells_IsNull()
    {
        ShownLists lists = new() { Users = [0], Starts = [0, 2], Items = [1, 2], Chosen = [false, false] };

        Assert.Null(Evaluation.JudgeShown("m", new RisingScorer(6), Split(1, 6), lists, Options));
    }

    [Fact]
    public void Compare_OfShownJudgements_PairsTheUsers()
    {
        ShownLists lists = new() { Users = [0, 1], Starts = [0, 2, 4], Items = [1, 2, 4, 3], Chosen = [false, true, true, false] };
        Judgement rising = Evaluation.JudgeShown("rising", new RisingScorer(6), Split(2, 6), lists, Options)!;
        Judgement falling = Evaluation.JudgeShown("falling", new RisingScorer(6, sign: -1), Split(2, 6), lists, Options)!;

        MetricComparison comparison = Evaluation.Compare(falling, rising, Evaluation.ShownAuc, Options);

        Assert.Equal(0, comparison.Champion);
        Assert.Equal(1, comparison.Challenger);
        Assert.True(comparison.IsBetter);
    }

    private static Dictionary<int, double> PlainLoops(ShownLists lists)
    {
        Dictionary<int, List<double>> byUser = [];
        for (int list = 0; list < lists.Count; list++)
        {
            int[] rows = [.. Enumerable.Range(lists.Starts[list], lists.Starts[list + 1] - lists.Starts[list])];
            (int Wanted, int Other)[] pairs =
            [
                .. from wanted in rows where lists.Chosen[wanted]
                   from other in rows where !lists.Chosen[other] && (wanted - rows[0]) / 2 == (other - rows[0]) / 2
                   select (lists.Items[wanted], lists.Items[other]),
            ];
            if (pairs.Length > 0)
            {
                double area = pairs.Average(pair => pair.Wanted > pair.Other ? 1 : pair.Wanted == pair.Other ? 0.5 : 0);
                if (!byUser.TryGetValue(lists.Users[list], out List<double>? areas))
                {
                    byUser.Add(lists.Users[list], areas = []);
                }

                areas.Add(area);
            }
        }

        return byUser.ToDictionary(pair => pair.Key, pair => pair.Value.Average());
    }

    private static DataSplit Split(int userCount, int itemCount)
    {
        Interactions none = new()
        {
            UserCount = userCount,
            ItemCount = itemCount,
            RowStarts = new int[userCount + 1],
            Items = [],
        };
        return DataSplit.Given(none, none);
    }

    /// <summary>An item scores by its number.</summary>
    private sealed class RisingScorer(int itemCount, int sign = 1) : IItemScorer
    {
        public string Kind => "rising";

        public int ItemCount => itemCount;

        public void ScoreItems(in ItemQuery query, Span<float> scores)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = sign * i;
            }
        }

        public void ScoreSimilar(int item, Span<float> scores) => throw new NotSupportedException("Not asked here.");

        public void Save(Stream target) => throw new NotSupportedException("Not saved here.");
    }
}
