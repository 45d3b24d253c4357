using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Search;

/// <summary>Models that retrieve, tried on validation rows of users.</summary>
internal sealed class RetrievalGround : ISearchGround
{
    private const int FewestUsers = 200;
    private const double HeldOutShare = 0.2;

    private readonly EvaluationOptions _judging;
    private readonly Func<ModelChoiceSpec, Interactions, string, IItemScorer> _fit;
    private readonly DataSplit _validation;
    private readonly ulong _seed;
    private (double Share, DataSplit Rows)? _last;

    /// <summary>Takes validation rows out of the training rows, as the test rows were taken out of all.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="judging">Intervals, seed and threads.</param>
    /// <param name="fit">Fits a setting on rows; the text says what is done.</param>
    /// <param name="train">Training rows.</param>
    /// <exception cref="Faults.TandemException">TRN008: nothing is left.</exception>
    public RetrievalGround(
        SystemSpec spec, EvaluationOptions judging, Func<ModelChoiceSpec, Interactions, string, IItemScorer> fit,
        Interactions train)
    {
        _fit = fit;
        _seed = spec.Training.Seed;
        Metric = spec.Training.Search.Metric
            ?? (spec.Evaluation.Gate.Metric == Evaluation.ShownAuc
                ? spec.Evaluation.Metrics.FirstOrDefault(static metric => metric != Evaluation.ShownAuc) ?? "ndcg@10"
                : spec.Evaluation.Gate.Metric);
        _judging = judging with { Metrics = [Metric] };
        SplitSpec split = spec.Training.Split;
        DataSplit divided = split.By switch
        {
            SplitSpec.Time => DataSplit.ByTime(train, split.Test.TotalDays, split.Gap.TotalDays),
            SplitSpec.LeaveLastOut => DataSplit.LeaveLastOut(train),
            _ => DataSplit.HoldOut(train, HeldOutShare, _seed),
        };
        _validation = divided.Train.Count == 0 || divided.Test.Count == 0
            ? throw TrainingErrors.NothingToSearchOn(split.By)
            : divided with { UserAttributes = KnownOf(divided.Test) };
        Count = Enumerable.Range(0, train.UserCount).Count(user => !train.ItemsOf(user).IsEmpty);
    }

    public string Metric { get; }

    public bool LowerIsBetter => false;

    public string Split => _validation.Name;

    public int Count { get; }

    public int Fewest => FewestUsers;

    /// <summary>Ages are left out, since they are counted from the moment of a run, and the run that goes on is a later
    /// one.</summary>
    public void AddTo(IncrementalHash hash)
    {
        foreach (Interactions part in (Interactions[])[_validation.Train, _validation.Test])
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>(part.RowStarts));
            hash.AppendData(MemoryMarshal.AsBytes<int>(part.Items));
        }
    }

    public ModelEvaluation Judge(
        string name, ModelChoiceSpec choice, double share, string step, CancellationToken cancellationToken)
    {
        if (_last is not { } last || last.Share != share)
        {
            _last = last = (share, _validation.OfUsers(share, _seed));
        }

        IItemScorer scorer = _fit(choice, last.Rows.Train, step);
        ModelEvaluation evaluation = Evaluation.Run(name, scorer, last.Rows, _judging, cancellationToken);
        (scorer as IDisposable)?.Dispose();
        return evaluation;
    }

    /// <summary>What was known of each user just before their first row; of somebody without rows, who is not judged, what
    /// was of anybody.</summary>
    private static AttributeRows KnownOf(Interactions rows) => rows.UserAttributes.Take(
        [.. Enumerable.Range(0, rows.UserCount).Select(user => Math.Min(rows.RowStarts[user], rows.Count - 1))]);
}
