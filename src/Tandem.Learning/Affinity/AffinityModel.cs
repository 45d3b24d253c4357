using Tandem.Learning.Files;

namespace Tandem.Learning.Affinity;

/// <summary>What people choose lately, by what the user likes lately: the item's appeal, times how much more than others
/// the user likes its group. Kind <c>group_affinity</c>.</summary>
/// <remarks>It stores nothing of users: a new action counts at once, and a user without history gets everybody's
/// liking.</remarks>
public sealed class AffinityModel : IItemScorer
{
    internal const string KindName = "group_affinity";

    private readonly int[] _groups;
    private readonly float[] _shares;
    private readonly float[] _appeal;
    private readonly AffinityOptions _options;
    private readonly ScratchPool<float[]> _scratch;

    internal AffinityModel(int[] groups, float[] shares, float[] appeal, AffinityOptions options)
    {
        _groups = groups;
        _shares = shares;
        _appeal = appeal;
        _options = options;
        _scratch = new ScratchPool<float[]>(() => new float[_shares.Length]);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _appeal.Length;

    /// <inheritdoc/>
    /// <remarks>a(g) = (Σ 2^(−age / half-life) over the history in g + s·G(g)) / (Σ + s); the score is
    /// a(g) / G(g) · appeal(i). O(items + history).</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        float[] affinity = _scratch.Rent();
        float total = (float)_options.Smoothing;
        for (int group = 0; group < affinity.Length; group++)
        {
            affinity[group] = total * _shares[group];
        }

        for (int i = 0; i < query.History.Length; i++)
        {
            float age = query.AgeDays.IsEmpty ? 0 : query.AgeDays[i];
            float weight = Ageing.Decay(age, _options.UserHalfLifeDays);
            affinity[_groups[query.History[i]]] += weight;
            total += weight;
        }

        for (int group = 0; group < affinity.Length; group++)
        {
            affinity[group] /= total * _shares[group];
        }

        for (int item = 0; item < scores.Length; item++)
        {
            scores[item] = affinity[_groups[item]] * _appeal[item];
        }

        _scratch.Return(affinity);
    }

    /// <inheritdoc/>
    /// <remarks>The items of the same group come first, each part by its appeal.</remarks>
    public void ScoreSimilar(int item, Span<float> scores)
    {
        for (int other = 0; other < scores.Length; other++)
        {
            scores[other] = (_groups[other] == _groups[item] ? 1 : 1e-6f) * _appeal[other];
        }

        scores[item] = float.NegativeInfinity;
    }

    /// <inheritdoc/>
    public void Save(Stream target) => ModelFile.Write(
        target, KindName,
        [
            new("items", ItemCount), new("groups", _shares.Length), new("half_life_days", _options.HalfLifeDays),
            new("user_half_life_days", _options.UserHalfLifeDays), new("smoothing", _options.Smoothing),
            new("item_smoothing", _options.ItemSmoothing),
        ],
        new ModelArray("groups", _groups), new ModelArray("shares", _shares), new ModelArray("appeal", _appeal));

    internal static AffinityModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int itemCount = content.Count("items");
        int groupCount = content.Count("groups");
        int[] groups = content.Wholes("groups", itemCount);
        if (groups.AsSpan().ContainsAnyExceptInRange(0, groupCount - 1))
        {
            throw ModelContent.Damaged("an item's group is out of range");
        }

        return new AffinityModel(
            groups, content.Floats("shares", groupCount), content.Floats("appeal", itemCount),
            new AffinityOptions
            {
                HalfLifeDays = content.Setting("half_life_days"),
                UserHalfLifeDays = content.Setting("user_half_life_days"),
                Smoothing = content.Setting("smoothing"),
                ItemSmoothing = content.Setting("item_smoothing"),
            });
    }
}
