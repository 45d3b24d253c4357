using Tandem.Events;
using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>A synthetic short-video service that knows the truth: what each user would like at any moment.</summary>
/// <remarks>
/// <para>What is true on a day depends on the settings and the time alone, never on what was shown, so that any policy
/// can be run against it and compared with another. The equations are in <c>docs/worlds.md</c>.</para>
/// <para>Immutable after construction; all members may be called from several threads. Equal settings give equal bytes
/// on one processor type.</para>
/// </remarks>
public sealed class VideoWorld
{
    private readonly Categories _categories;
    private readonly VideoShelf _shelf;
    private readonly Audience _audience;
    private readonly Truth _truth;
    private readonly VisitCalendar _calendar;
    private readonly Behaviour _behaviour;
    private readonly HistoryStream _history;

    /// <summary>Makes a world.</summary>
    /// <param name="options">Its settings.</param>
    /// <exception cref="TandemException">WLD001 to WLD003: a setting is out of range, all faults together.</exception>
    public VideoWorld(WorldOptions options)
    {
        IReadOnlyList<Fault> faults = options.Validate();
        if (faults.Count > 0)
        {
            throw new TandemException(faults);
        }

        Options = options;
        Dice dice = new(options.Seed);
        _categories = new Categories(options, dice);
        _shelf = new VideoShelf(options, _categories, dice);
        _audience = new Audience(options, _categories, dice);
        _truth = new Truth(options, dice, _categories, _shelf, _audience);
        _calendar = new VisitCalendar(options, _audience, dice);
        EventWriter writer = new(options, _shelf, _audience, dice);
        _behaviour = new Behaviour(dice, _categories, _shelf, _truth, writer);
        LoggingPolicy policy = new(options, dice, _categories, _shelf, _audience, _truth);
        _history = new HistoryStream(
            options, dice, _shelf, _audience, _calendar, policy, _behaviour, writer);
    }

    /// <summary>Names of the 24 categories, the one with most videos first.</summary>
    public static IReadOnlyList<string> Categories => CategoryWords.Names;

    /// <summary>Countries of users.</summary>
    public static IReadOnlyList<string> Countries => Audience.Countries;

    /// <summary>Devices of visits.</summary>
    public static IReadOnlyList<string> Devices => Audience.Devices;

    /// <summary>The settings it was made from.</summary>
    public WorldOptions Options { get; }

    /// <summary>Videos of all its days; indices run from 0 in order of publication.</summary>
    public int ItemCount => _shelf.Count;

    /// <summary>Users of all its days; indices run from 0 in order of signup.</summary>
    public int UserCount => _audience.Count;

    /// <summary>Identifier of a video, such as <c>v42</c>.</summary>
    public string ItemId(int item) => _shelf.Ids[item];

    /// <summary>Identifier of a user, such as <c>u7</c>.</summary>
    public string UserId(int user) => _audience.Ids[user];

    /// <summary>Finds a video by its identifier.</summary>
    /// <param name="id">Such as <c>v42</c>.</param>
    /// <returns>Its index, or −1 when the world has no such video.</returns>
    public int FindItem(ReadOnlySpan<char> id) => Find(id, 'v', ItemCount);

    /// <summary>Finds a user by their identifier.</summary>
    /// <param name="id">Such as <c>u7</c>.</param>
    /// <returns>Their index, or −1 when the world has no such user.</returns>
    public int FindUser(ReadOnlySpan<char> id) => Find(id, 'u', UserCount);

    /// <summary>How many videos are published at a time: those with the indices below that number.</summary>
    public int ItemsPublishedBy(DateTimeOffset time) => _shelf.CountBy(time);

    /// <summary>How many users have joined at a time: those with the indices below that number.</summary>
    public int UsersJoinedBy(DateTimeOffset time) => _audience.CountBy(time);

    /// <summary>What anybody can see of a video.</summary>
    /// <param name="item">Index of the video.</param>
    public Video Video(int item)
    {
        return new Video(_shelf.Ids[item], CategoryWords.Names[_shelf.Category[item]], _shelf.Seconds[item],
            _shelf.Title(item), _shelf.Published[item]);
    }

    /// <summary>What anybody can see of a user.</summary>
    /// <param name="user">Index of the user.</param>
    public Viewer Viewer(int user)
    {
        return new Viewer(_audience.Ids[user], Audience.Countries[_audience.Country[user]], _audience.Signup[user]);
    }

    /// <summary>All events of the history, in order of event time: rows of videos and viewers, impressions with the
    /// propensity of the logging policy, and what people did.</summary>
    /// <returns>A stream made while it is read; reading it again gives the same.</returns>
    public IEnumerable<EventRecord> History() => _history.Of(0, Options.HistoryDays);

    /// <summary>The same for some days alone, including actions of their visits that end after the last
    /// midnight.</summary>
    /// <param name="firstDay">First day, from 0.</param>
    /// <param name="dayCount">Number of days, at least 1.</param>
    /// <returns>A stream made while it is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A day lies outside the horizon.</exception>
    public IEnumerable<EventRecord> History(int firstDay, int dayCount)
    {
        CheckDay(firstDay);
        ArgumentOutOfRangeException.ThrowIfLessThan(dayCount, 1);
        CheckDay(firstDay + dayCount - 1);
        return _history.Of(firstDay, dayCount);
    }

    /// <summary>The rows of videos and viewers that appear on a day, in order of time; on day 0 also all that were
    /// there before.</summary>
    /// <param name="day">Day, from 0.</param>
    /// <returns>A stream made while it is read.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The day lies outside the horizon.</exception>
    public IEnumerable<EventRecord> Rows(int day)
    {
        CheckDay(day);
        return _history.Rows(day);
    }

    /// <summary>The visits of a day, in order of time; the same whatever was shown before.</summary>
    /// <param name="day">Day, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The day lies outside the horizon.</exception>
    public IReadOnlyList<Visit> Visits(int day)
    {
        CheckDay(day);
        return _calendar.Of(day);
    }

    /// <summary>Lets a user meet a list: what they play, like, skip and buy, in the order it happens. The impressions
    /// are for the one who served the list to log.</summary>
    /// <param name="visit">A visit from <see cref="Visits"/>.</param>
    /// <param name="shown">Indices of the items shown, best place first, each once; every one published by
    /// then.</param>
    /// <param name="requestId">Identifier of the request, at most 110 characters; the events' ids begin with
    /// it.</param>
    /// <returns>Events <c>play</c>, <c>like</c>, <c>skip</c> and <c>conversion</c> in order of event time, with known
    /// times that are late for a few of the visits.</returns>
    /// <exception cref="ArgumentException">An item is unknown or not yet published.</exception>
    /// <remarks>What a visit does with an item that it looks at depends on the visit and the item alone. Which items it
    /// looks at depends on the list: people tire, and a good video uses up their time.</remarks>
    public IReadOnlyList<EventRecord> React(in Visit visit, ReadOnlySpan<int> shown, string requestId)
    {
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        int published = _shelf.CountBy(visit.Time);
        foreach (int item in shown)
        {
            if (item < 0 || item >= published)
            {
                throw new ArgumentException($"Item {item} is not published at the visit.", nameof(shown));
            }
        }

        List<EventRecord> events = [];
        _behaviour.React(visit, shown, requestId, events);
        return events;
    }

    /// <summary>Probability that an item, once looked at, satisfies a user: played, and watched to half or
    /// liked.</summary>
    /// <param name="user">Index of the user.</param>
    /// <param name="item">Index of the item.</param>
    /// <param name="time">The moment.</param>
    /// <returns>A probability, or −∞ for an item not yet published.</returns>
    public double ExpectedSatisfaction(int user, int item, DateTimeOffset time)
    {
        if (_shelf.Published[item] > time)
        {
            return double.NegativeInfinity;
        }

        Span<float> taste = stackalloc float[Worlds.Categories.Dimensions];
        Span<float> lift = stackalloc float[Worlds.Categories.Count];
        _truth.Taste(user, time, taste);
        _categories.Lift(time, lift);
        return _truth.Satisfaction(taste, lift, item, time);
    }

    /// <summary>Writes <see cref="ExpectedSatisfaction"/> of every item for a user.</summary>
    /// <param name="user">Index of the user.</param>
    /// <param name="time">The moment.</param>
    /// <param name="scores">Receives one number an item, length <see cref="ItemCount"/>; −∞ for items not yet
    /// published.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="scores"/> is another.</exception>
    /// <remarks>O(items · dimensions). Allocates nothing.</remarks>
    public void OracleScores(int user, DateTimeOffset time, Span<float> scores)
    {
        if (scores.Length != ItemCount)
        {
            throw new ArgumentException($"{scores.Length} scores for {ItemCount} items.", nameof(scores));
        }

        Span<float> taste = stackalloc float[Worlds.Categories.Dimensions];
        Span<float> lift = stackalloc float[Worlds.Categories.Count];
        _truth.Taste(user, time, taste);
        _categories.Lift(time, lift);
        int published = _shelf.CountBy(time);
        for (int item = 0; item < published; item++)
        {
            scores[item] = _truth.Satisfaction(taste, lift, item, time);
        }

        scores[published..].Fill(float.NegativeInfinity);
    }

    /// <summary>Judges a list by the truth: its discounted expected satisfaction against the best list of its
    /// length.</summary>
    /// <param name="user">Index of the user.</param>
    /// <param name="time">The moment.</param>
    /// <param name="shown">Indices of the items shown, best place first, each once.</param>
    /// <param name="scores">Room to work in, length <see cref="ItemCount"/>; holds the oracle's scores
    /// afterwards.</param>
    /// <remarks>O(items · dimensions). Allocates nothing.</remarks>
    public ListQuality Judge(int user, DateTimeOffset time, ReadOnlySpan<int> shown, Span<float> scores)
    {
        OracleScores(user, time, scores);
        double gain = 0;
        for (int k = 0; k < shown.Length; k++)
        {
            gain += Math.Max(0, scores[shown[k]]) / Math.Log2(k + 2);
        }

        return new ListQuality(gain, BestGain(scores, shown.Length));
    }

    private static double BestGain(ReadOnlySpan<float> scores, int length)
    {
        const int MostOnStack = 256;
        Span<int> best = length <= MostOnStack ? stackalloc int[length] : new int[length];
        int count = TopK.Select(scores, best);
        double gain = 0;
        for (int k = 0; k < count; k++)
        {
            gain += scores[best[k]] / Math.Log2(k + 2);
        }

        return gain;
    }

    private static int Find(ReadOnlySpan<char> id, char kind, int count)
    {
        bool valid = id.Length > 1 && id[0] == kind && (id[1] != '0' || id.Length == 2)
            && int.TryParse(id[1..], System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture, out int index) && index < count;
        return valid ? int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) : -1;
    }

    private void CheckDay(int day)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(day);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(day, Options.HorizonDays);
    }
}
