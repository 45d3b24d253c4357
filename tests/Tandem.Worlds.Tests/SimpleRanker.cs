namespace Tandem.Worlds.Tests;

/// <summary>About the simplest personal model there is: how well an item satisfies, drawn towards its category's rate,
/// times how much more than others the user likes that category. Old days count less by a half-life.</summary>
internal sealed class SimpleRanker
{
    private const double ItemPrior = 8;
    private const double UserPrior = 1;
    private const double ActiveDays = 14;

    private readonly int[] _category;
    private readonly double[] _rate;
    private readonly Dictionary<int, double[]> _lift = [];

    public SimpleRanker(VideoWorld world, IReadOnlyList<ShownList> lists, DateTimeOffset now, double halfLifeDays)
    {
        string[] names = [.. VideoWorld.Categories];
        _category = [.. Enumerable.Range(0, world.ItemCount)
            .Select(item => Array.IndexOf(names, world.Video(item).Category))];
        double[] looked = LookedAt(lists);
        _rate = Rates(lists, looked, now, halfLifeDays);
        FitUsers(lists, looked, now, 4 * halfLifeDays);
    }

    public double Popularity(int item) => _rate[item];

    public double Score(int user, int item)
    {
        return _rate[item] * (_lift.TryGetValue(user, out double[]? lift) ? lift[_category[item]] : 1);
    }

    /// <summary>The ten active items with the highest scores.</summary>
    public int[] Top(VideoWorld world, Visit visit, bool personal = true)
    {
        PriorityQueue<int, double> best = new();
        int last = world.ItemsPublishedBy(visit.Time);
        for (int item = world.ItemsPublishedBy(visit.Time.AddDays(-ActiveDays)); item < last; item++)
        {
            best.Enqueue(item, personal ? Score(visit.User, item) : Popularity(item));
            if (best.Count > ShownList.Length)
            {
                best.Dequeue();
            }
        }

        int[] top = new int[ShownList.Length];
        for (int place = top.Length - 1; place >= 0; place--)
        {
            top[place] = best.Dequeue();
        }

        return top;
    }

    /// <summary>Share of played items that the model does not rank among the first three of their list.</summary>
    public double ClickError(IEnumerable<ShownList> lists)
    {
        int plays = 0;
        int errors = 0;
        foreach (ShownList list in lists)
        {
            for (int place = 0; place < ShownList.Length; place++)
            {
                if (list.Played[place])
                {
                    double own = Score(list.Visit.User, list.Items[place]);
                    plays++;
                    errors += list.Items.Count(item => Score(list.Visit.User, item) > own) >= 3 ? 1 : 0;
                }
            }
        }

        return (double)errors / plays;
    }

    // How much each place is looked at, relative to the first: the logging policy treats all places alike.
    private static double[] LookedAt(IReadOnlyList<ShownList> lists)
    {
        double[] plays = new double[ShownList.Length];
        foreach (ShownList list in lists)
        {
            for (int place = 0; place < plays.Length; place++)
            {
                plays[place] += list.Played[place] ? 1 : 0;
            }
        }

        return [.. plays.Select(count => count / plays[0])];
    }

    private double[] Rates(
        IReadOnlyList<ShownList> lists, double[] looked, DateTimeOffset now, double halfLifeDays)
    {
        double[] shown = new double[_category.Length];
        double[] satisfied = new double[_category.Length];
        double[] categoryShown = new double[VideoWorld.Categories.Count];
        double[] categorySatisfied = new double[VideoWorld.Categories.Count];
        foreach (ShownList list in lists)
        {
            double weight = Math.Pow(0.5, (now - list.Visit.Time).TotalDays / halfLifeDays);
            for (int place = 0; place < ShownList.Length; place++)
            {
                int item = list.Items[place];
                double good = list.Satisfied[place] ? weight : 0;
                shown[item] += weight * looked[place];
                satisfied[item] += good;
                categoryShown[_category[item]] += weight * looked[place];
                categorySatisfied[_category[item]] += good;
            }
        }

        double[] rates = new double[shown.Length];
        for (int item = 0; item < rates.Length; item++)
        {
            int category = _category[item];
            double prior = (categorySatisfied[category] + 1) / (categoryShown[category] + 10);
            rates[item] = (satisfied[item] + (ItemPrior * prior)) / (shown[item] + ItemPrior);
        }

        return rates;
    }

    // What a user enjoyed of a category, over what an average user of that day would have enjoyed of the same lists.
    private void FitUsers(
        IReadOnlyList<ShownList> lists, double[] looked, DateTimeOffset now, double halfLifeDays)
    {
        Dictionary<int, double[]> expected = [];
        foreach (IGrouping<int, ShownList> day in lists.GroupBy(list => list.Visit.Day))
        {
            double[] usual = UsualOf(day, looked);
            foreach (ShownList list in day)
            {
                double weight = Math.Pow(0.5, (now - list.Visit.Time).TotalDays / halfLifeDays);
                if (!_lift.TryGetValue(list.Visit.User, out double[]? enjoyed))
                {
                    _lift[list.Visit.User] = enjoyed = new double[usual.Length];
                    expected[list.Visit.User] = new double[usual.Length];
                }

                for (int place = 0; place < ShownList.Length; place++)
                {
                    int category = _category[list.Items[place]];
                    enjoyed[category] += list.Satisfied[place] ? weight : 0;
                    expected[list.Visit.User][category] += weight * looked[place] * usual[category];
                }
            }
        }

        foreach ((int user, double[] enjoyed) in _lift)
        {
            for (int category = 0; category < enjoyed.Length; category++)
            {
                enjoyed[category] = (enjoyed[category] + UserPrior) / (expected[user][category] + UserPrior);
            }
        }
    }

    private double[] UsualOf(IEnumerable<ShownList> lists, double[] looked)
    {
        double[] shown = new double[VideoWorld.Categories.Count];
        double[] satisfied = new double[VideoWorld.Categories.Count];
        foreach (ShownList list in lists)
        {
            for (int place = 0; place < ShownList.Length; place++)
            {
                int category = _category[list.Items[place]];
                shown[category] += looked[place];
                satisfied[category] += list.Satisfied[place] ? 1 : 0;
            }
        }

        return [.. satisfied.Zip(shown, (good, all) => (good + 1) / (all + 8))];
    }
}
