using System.Security.Cryptography;
using System.Text;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Training.Search;

/// <summary>Searches the settings of candidates on validation rows that are taken out of the training rows: what is picked
/// has never met a row that it will be judged on.</summary>
/// <param name="wanted">Trials, rounds and time.</param>
/// <param name="seed">Seed of settings.</param>
/// <param name="store">Where unfinished searches are kept; null for nowhere.</param>
/// <param name="version">What the code is, and the file where models read what it defines: what another one tried is not taken
/// over.</param>
/// <param name="clock">Tells when the time is over.</param>
/// <remarks>Equal rows, file and seed give equal trials and figures unless the time is over before the end.</remarks>
internal sealed class ModelSearch(
    SearchSpec wanted, ulong seed, IObjectStore? store, string version, TimeProvider clock)
{
    /// <summary>True where a candidate gives ranges.</summary>
    public static bool IsNeeded(SystemSpec spec) =>
        spec.Training.Candidates.Any(static candidate => candidate.Ranges.Count > 0);

    /// <summary>Tries settings, round after round.</summary>
    /// <param name="candidates">Kinds with their settings or ranges of them.</param>
    /// <param name="ground">What they are tried on.</param>
    /// <param name="cancellationToken">Stops it; what was tried is kept for the next run.</param>
    /// <returns>What was tried, and the settings of the last round, the picked one first.</returns>
    /// <exception cref="TandemException">The fault of the last setting, where all failed.</exception>
    public async Task<(SearchReport Report, IReadOnlyList<(string Name, ModelChoiceSpec Choice)> Finalists)> RunAsync(
        IReadOnlyList<ModelChoiceSpec> candidates, ISearchGround ground, CancellationToken cancellationToken)
    {
        SearchPlan plan = new(candidates, wanted, seed, ground.Count, ground.Fewest);
        SearchProgress progress = new(store, Key(ground, plan));
        List<SearchTrial> tried = await progress.ReadAsync(cancellationToken).ConfigureAwait(false);
        SearchReport report = new(
            ground.Metric, ground.Split, plan.Rounds, seed, wanted.Budget.TotalSeconds)
        {
            LowerIsBetter = ground.LowerIsBetter,
            Resumed = tried.Count,
        };
        IReadOnlyList<(string Name, ModelChoiceSpec Choice)> field = plan.First;
        bool isComplete = true;
        for (int round = 1; round <= plan.Rounds && isComplete; round++)
        {
            isComplete = await TryAsync(
                round, [.. field.Take(plan.CountOf(round))], plan, ground, tried, progress, cancellationToken)
                .ConfigureAwait(false);
            field = Order(field, tried, ground.LowerIsBetter ? -1 : 1);
        }

        await progress.ForgetAsync(cancellationToken).ConfigureAwait(false);
        int last = tried.Where(static trial => trial.Value is not null).Select(static trial => trial.Round)
            .DefaultIfEmpty(0).Max();
        HashSet<string> names = [.. tried.Where(trial => trial.Round == last).Select(static trial => trial.Name)];
        return (
            report with { Trials = tried, Picked = field[0].Name, IsComplete = isComplete },
            [.. field.Where(each => names.Contains(each.Name)).Take(wanted.Halving)]);
    }

    /// <summary>Tries each setting of a round that was not tried before; false where the time was over.</summary>
    private async Task<bool> TryAsync(
        int round, IReadOnlyList<(string Name, ModelChoiceSpec Choice)> field, SearchPlan plan, ISearchGround ground,
        List<SearchTrial> tried, SearchProgress progress, CancellationToken cancellationToken)
    {
        double share = plan.ShareOf(round);
        for (int index = 0; index < field.Count; index++)
        {
            (string name, ModelChoiceSpec choice) = field[index];
            if (tried.Exists(trial => trial.Round == round && trial.Name == name))
            {
                continue;
            }

            if (tried.Count > 0 && tried.Sum(static trial => trial.Seconds) >= wanted.Budget.TotalSeconds)
            {
                return false;
            }

            string step = $"try {name}, {index + 1} of {field.Count} in round {round} of {plan.Rounds}";
            tried.Add(Try(
                new SearchTrial(name, choice.Kind, choice.Parameters, round, share), choice, ground, step, cancellationToken));
            await progress.WriteAsync(tried, cancellationToken).ConfigureAwait(false);
        }

        SearchTrial[] those = [.. tried.Where(trial => trial.Round == round)];
        return Array.TrueForAll(those, static trial => trial.Value is null)
            ? throw TrainingErrors.AllFailed(those[^1].Name, those[^1].Fault!)
            : true;
    }

    private SearchTrial Try(
        SearchTrial trial, ModelChoiceSpec choice, ISearchGround ground, string step, CancellationToken cancellationToken)
    {
        long stamp = clock.GetTimestamp();
        try
        {
            ModelEvaluation evaluation = ground.Judge(trial.Name, choice, trial.UserShare, step, cancellationToken);
            bool isDefined = evaluation.Metrics.TryGetValue(ground.Metric, out double value);
            return trial with
            {
                Value = isDefined ? value : null,
                Fault = isDefined ? null : $"The validation rows do not define {ground.Metric}.",
                Interval = evaluation.Intervals.GetValueOrDefault(ground.Metric, []),
                Seconds = clock.GetElapsedTime(stamp).TotalSeconds,
            };
        }
        catch (TandemException failure)
        {
            return trial with { Fault = failure.Message, Seconds = clock.GetElapsedTime(stamp).TotalSeconds };
        }
    }

    /// <summary>The furthest round first, the best of it first, and the earlier setting where they are equal.</summary>
    private static IReadOnlyList<(string Name, ModelChoiceSpec Choice)> Order(
        IReadOnlyList<(string Name, ModelChoiceSpec Choice)> field, List<SearchTrial> tried, int sign)
    {
        var furthest = tried.Where(static trial => trial.Value is not null)
            .GroupBy(static trial => trial.Name, StringComparer.Ordinal)
            .ToDictionary(static trials => trials.Key, static trials => trials.MaxBy(static trial => trial.Round)!, StringComparer.Ordinal);
        return
        [
            .. field.Where(each => furthest.ContainsKey(each.Name))
                .OrderByDescending(each => furthest[each.Name].Round)
                .ThenByDescending(each => sign * furthest[each.Name].Value),
        ];
    }

    /// <summary>Equal for equal rows, settings and order of trials.</summary>
    private string Key(ISearchGround ground, SearchPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ground.AddTo(hash);
        IEnumerable<string> settings = plan.First.Select(static each => SearchPlan.TextOf(each.Choice));
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{ground.Metric}\n{seed}\n{wanted.Halving}\n{version}\n{string.Join('\n', settings)}"));
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
