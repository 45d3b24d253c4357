using System.Globalization;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Training.Search;

/// <summary>Which settings a search begins with, and how many go on from round to round.</summary>
/// <remarks>Successive halving: Jamieson and Talwalkar, <em>Non-stochastic Best Arm Identification and Hyperparameter
/// Optimization</em>, 2016. What grows from round to round is the number of users, or of rows that stand alone.</remarks>
internal sealed class SearchPlan
{
    private const int DrawsPerSetting = 20;

    private readonly SearchSpec _search;
    private readonly int _count;
    private readonly int _fewest;

    public SearchPlan(IReadOnlyList<ModelChoiceSpec> candidates, SearchSpec search, ulong seed, int count, int fewest)
    {
        _search = search;
        _count = count;
        _fewest = fewest;
        First = [.. Draw(candidates, search.Trials, seed)];
        Rounds = 1;
        for (int left = First.Count; left >= search.Halving; left /= search.Halving)
        {
            Rounds++;
        }
    }

    /// <summary>The settings of the first round.</summary>
    public IReadOnlyList<(string Name, ModelChoiceSpec Choice)> First { get; }

    public int Rounds { get; }

    /// <summary>Share of the users or rows in a round, from 1; all in the last.</summary>
    public double ShareOf(int round) => Math.Min(
        1, Math.Max(Math.Pow(_search.Halving, round - Rounds), (double)_fewest / Math.Max(1, _count)));

    /// <summary>Settings that a round tries.</summary>
    public int CountOf(int round)
    {
        int count = First.Count;
        for (int i = 1; i < round; i++)
        {
            count = (count + _search.Halving - 1) / _search.Halving;
        }

        return count;
    }

    /// <summary>A candidate without ranges is one setting; the others share what is left in turn, each setting drawn by
    /// its place in the stream of its candidate, so that more trials only add settings.</summary>
    private static IEnumerable<(string Name, ModelChoiceSpec Choice)> Draw(
        IReadOnlyList<ModelChoiceSpec> candidates, int trials, ulong seed)
    {
        int[] open = [.. Enumerable.Range(0, candidates.Count).Where(index => candidates[index].Ranges.Count > 0)];
        int left = Math.Max(open.Length, trials - (candidates.Count - open.Length));
        int number = 0;
        for (int index = 0; index < candidates.Count; index++)
        {
            ModelChoiceSpec candidate = candidates[index];
            int place = Array.IndexOf(open, index);
            int wanted = place < 0 ? 1 : (left / open.Length) + (place < left % open.Length ? 1 : 0);
            SeededRandom random = new(seed, (ulong)index);
            HashSet<string> drawn = new(StringComparer.Ordinal);
            for (int draws = 0; draws < wanted * DrawsPerSetting && drawn.Count < wanted; draws++)
            {
                ModelChoiceSpec choice = Draw(candidate, ref random);
                if (drawn.Add(TextOf(choice)))
                {
                    number++;
                    yield return (string.Create(CultureInfo.InvariantCulture, $"{choice.Kind} #{number}"), choice);
                }
            }
        }
    }

    private static ModelChoiceSpec Draw(ModelChoiceSpec candidate, ref SeededRandom random)
    {
        Dictionary<string, double> parameters = new(candidate.Parameters, StringComparer.Ordinal);
        foreach ((string name, ParameterRange range) in
            candidate.Ranges.OrderBy(static range => range.Key, StringComparer.Ordinal))
        {
            parameters[name] = range.At(random.NextDouble());
        }

        return new ModelChoiceSpec { Kind = candidate.Kind, Parameters = parameters, Directions = candidate.Directions };
    }

    /// <summary>The settings as text: equal for equal settings.</summary>
    public static string TextOf(ModelChoiceSpec choice) => string.Join(
        ' ',
        choice.Parameters.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value:R}"))
            .Concat(choice.Directions.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
                .Select(static pair => $"{pair.Key}={pair.Value}"))
            .Prepend(choice.Kind));
}
