using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Search;

/// <summary>Searches the settings of candidates on validation rows that are taken out of the training rows: what is picked
/// has never met a row that it will be judged on.</summary>
/// <param name="spec">The system.</param>
/// <param name="options">Where unfinished searches are kept.</param>
/// <param name="judging">Intervals, seed and threads.</param>
/// <param name="fit">Fits a setting on rows; the text says what is done.</param>
/// <param name="clock">Tells when the time is over.</param>
/// <remarks>Equal rows, file and seed give equal trials and figures unless the time is over before the end.</remarks>
internal sealed class ModelSearch(
    SystemSpec spec, TrainingLoopOptions options, EvaluationOptions judging,
    Func<ModelChoiceSpec, Interactions, string, IItemScorer> fit, TimeProvider clock)
{
    private const double HeldOutShare = 0.2;

    /// <summary>Tries settings, round after round.</summary>
    /// <param name="train">Training rows.</param>
    /// <param name="cancellationToken">Stops it; what was tried is kept for the next run.</param>
    /// <returns>What was tried, and the settings of the last round, the picked one first.</returns>
    /// <exception cref="TandemException">TRN008: there is nothing to search on. The fault of the last setting, where all
    /// failed.</exception>
    public async Task<(SearchReport Report, IReadOnlyList<(string Name, ModelChoiceSpec Choice)> Finalists)> RunAsync(
        Interactions train, CancellationToken cancellationToken)
    {
        DataSplit validation = Divide(train);
        SearchPlan plan = new(
            [spec.Model.Retrieve, .. spec.Training.Candidates], spec.Training.Search, spec.Training.Seed,
            Enumerable.Range(0, train.UserCount).Count(user => !train.ItemsOf(user).IsEmpty));
        SearchProgress progress = new(options.Searches, Key(validation, plan));
        List<SearchTrial> tried = await progress.ReadAsync(cancellationToken).ConfigureAwait(false);
        SearchReport report = new(
            Metric(), validation.Name, plan.Rounds, spec.Training.Seed, spec.Training.Search.Budget.TotalSeconds)
        {
            Resumed = tried.Count,
        };
        IReadOnlyList<(string Name, ModelChoiceSpec Choice)> field = plan.First;
        bool isComplete = true;
        for (int round = 1; round <= plan.Rounds && isComplete; round++)
        {
            isComplete = await TryAsync(
                round, [.. field.Take(plan.CountOf(round))], plan, validation, tried, progress, cancellationToken)
                .ConfigureAwait(false);
            field = Order(field, tried);
        }

        await progress.ForgetAsync(cancellationToken).ConfigureAwait(false);
        int last = tried.Where(static trial => trial.Value is not null).Select(static trial => trial.Round)
            .DefaultIfEmpty(0).Max();
        HashSet<string> names = [.. tried.Where(trial => trial.Round == last).Select(static trial => trial.Name)];
        return (
            report with { Trials = tried, Picked = field[0].Name, IsComplete = isComplete },
            [.. field.Where(each => names.Contains(each.Name)).Take(spec.Training.Search.Halving)]);
    }

    /// <summary>Tries each setting of a round that was not tried before; false where the time was over.</summary>
    private async Task<bool> TryAsync(
        int round, IReadOnlyList<(string Name, ModelChoiceSpec Choice)> field, SearchPlan plan, DataSplit validation,
        List<SearchTrial> tried, SearchProgress progress, CancellationToken cancellationToken)
    {
        double share = plan.ShareOf(round);
        DataSplit? rows = null;
        for (int index = 0; index < field.Count; index++)
        {
            (string name, ModelChoiceSpec choice) = field[index];
            if (tried.Exists(trial => trial.Round == round && trial.Name == name))
            {
                continue;
            }

            if (tried.Count > 0 && tried.Sum(static trial => trial.Seconds) >= spec.Training.Search.Budget.TotalSeconds)
            {
                return false;
            }

            rows ??= validation.OfUsers(share, spec.Training.Seed);
            string step = $"try {name}, {index + 1} of {field.Count} in round {round} of {plan.Rounds}";
            tried.Add(Try(new SearchTrial(name, choice.Kind, choice.Parameters, round, share), choice, rows, step,
                cancellationToken));
            await progress.WriteAsync(tried, cancellationToken).ConfigureAwait(false);
        }

        SearchTrial[] those = [.. tried.Where(trial => trial.Round == round)];
        return Array.TrueForAll(those, static trial => trial.Value is null)
            ? throw TrainingErrors.AllFailed(those[^1].Name, those[^1].Fault!)
            : true;
    }

    private SearchTrial Try(
        SearchTrial trial, ModelChoiceSpec choice, DataSplit rows, string step, CancellationToken cancellationToken)
    {
        long stamp = clock.GetTimestamp();
        string metric = Metric();
        try
        {
            IItemScorer scorer = fit(choice, rows.Train, step);
            ModelEvaluation evaluation = Evaluation.Run(
                trial.Name, scorer, rows, judging with { Metrics = [metric] }, cancellationToken);
            (scorer as IDisposable)?.Dispose();
            return trial with
            {
                Value = evaluation.Metrics[metric],
                Interval = evaluation.Intervals.GetValueOrDefault(metric, []),
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
        IReadOnlyList<(string Name, ModelChoiceSpec Choice)> field, List<SearchTrial> tried)
    {
        var furthest = tried.Where(static trial => trial.Value is not null)
            .GroupBy(static trial => trial.Name, StringComparer.Ordinal)
            .ToDictionary(static trials => trials.Key, static trials => trials.MaxBy(static trial => trial.Round)!, StringComparer.Ordinal);
        return
        [
            .. field.Where(each => furthest.ContainsKey(each.Name))
                .OrderByDescending(each => furthest[each.Name].Round)
                .ThenByDescending(each => furthest[each.Name].Value),
        ];
    }

    /// <summary>Takes validation rows out of the training rows, as the test rows were taken out of all.</summary>
    private DataSplit Divide(Interactions train)
    {
        SplitSpec split = spec.Training.Split;
        DataSplit divided = split.By switch
        {
            "time" => DataSplit.ByTime(train, split.Test.TotalDays, split.Gap.TotalDays),
            "leave-last-out" => DataSplit.LeaveLastOut(train),
            _ => DataSplit.HoldOut(train, HeldOutShare, spec.Training.Seed),
        };
        return divided.Train.Count == 0 || divided.Test.Count == 0
            ? throw TrainingErrors.NothingToSearchOn(split.By)
            : divided with { UserAttributes = KnownOf(divided.Test) };
    }

    /// <summary>What was known of each user just before their first row; of somebody without rows, who is not judged, what
    /// was of anybody.</summary>
    private static AttributeRows KnownOf(Interactions rows) => rows.UserAttributes.Take(
        [.. Enumerable.Range(0, rows.UserCount).Select(user => Math.Min(rows.RowStarts[user], rows.Count - 1))]);

    private string Metric() => spec.Training.Search.Metric
        ?? (spec.Evaluation.Gate.Metric == Evaluation.ShownAuc
            ? spec.Evaluation.Metrics.FirstOrDefault(static metric => metric != Evaluation.ShownAuc) ?? "ndcg@10"
            : spec.Evaluation.Gate.Metric);

    /// <summary>Equal for equal rows, settings and order of trials; ages are left out, since they are counted from the
    /// moment of a run, and the run that goes on is a later one.</summary>
    private string Key(DataSplit rows, SearchPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Interactions part in (Interactions[])[rows.Train, rows.Test])
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>(part.RowStarts));
            hash.AppendData(MemoryMarshal.AsBytes<int>(part.Items));
        }

        IEnumerable<string> settings = plan.First.Select(static each => SearchPlan.TextOf(each.Choice));
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{Metric()}\n{spec.Training.Seed}\n{spec.Training.Search.Halving}\n{options.CodeVersion}\n" +
            string.Join('\n', settings)));
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
