using Tandem.Worlds;

namespace Tandem.Workspace.Demo;

/// <summary>Adds up a live day.</summary>
internal sealed class LiveTally
{
    /// <summary>Hours in a quarter of the day.</summary>
    public const int QuarterHours = 6;

    private const int Quarters = 24 / QuarterHours;

    private readonly Lock _gate = new();
    private readonly double[] _quarterNdcg = new double[Quarters];
    private readonly int[] _quarterJudged = new int[Quarters];
    private readonly List<double> _milliseconds = [];
    private readonly List<string> _problems = [];
    private int _failures;
    private int _satisfied;
    private int _errors;
    private int _probes;
    private int _changed;
    private int _reranked;
    private int _judged;
    private double _ndcg;
    private double _ndcgSquares;

    public void Answer(TimeSpan elapsed)
    {
        lock (_gate)
        {
            _milliseconds.Add(elapsed.TotalMilliseconds);
        }
    }

    public void Judge(ListQuality quality, int quarter)
    {
        lock (_gate)
        {
            _quarterNdcg[quarter] += quality.Ndcg;
            _quarterJudged[quarter]++;
            _judged++;
            _ndcg += quality.Ndcg;
            _ndcgSquares += quality.Ndcg * quality.Ndcg;
        }
    }

    public void Fail() => Interlocked.Increment(ref _failures);

    public void Satisfied(bool isError)
    {
        lock (_gate)
        {
            _satisfied++;
            _errors += isError ? 1 : 0;
        }
    }

    public void Probe(bool isChanged, bool isReranked)
    {
        lock (_gate)
        {
            _probes++;
            _changed += isChanged ? 1 : 0;
            _reranked += isReranked ? 1 : 0;
        }
    }

    public void Problem(LoopProblem problem) => _problems.Add(string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{problem.Time:HH:mm} {problem.Job} failed: {problem.Fault}"));

    public DemoDay Close(int day, TandemWorkspace workspace, int runsBefore, DateTimeOffset dayStart)
    {
        _milliseconds.Sort();
        int count = Math.Max(1, _milliseconds.Count);
        int judged = Math.Max(1, _judged);
        double mean = _ndcg / judged;
        double deviation = Math.Sqrt(Math.Max(0, (_ndcgSquares / judged) - (mean * mean)));
        double half = 1.96 * deviation / Math.Sqrt(judged);
        WorkspaceSnapshot snapshot = workspace.Snapshot();
        return new DemoDay
        {
            Day = day,
            Requests = _milliseconds.Count,
            P50Milliseconds = Quantile(0.5),
            P99Milliseconds = Quantile(0.99),
            Failures = _failures,
            SatisfiedPerRequest = _satisfied / (double)count,
            ChangedByClick = _changed / (double)Math.Max(1, _probes),
            RerankedByClick = _reranked / (double)Math.Max(1, _probes),
            OracleNdcg = mean,
            OracleNdcgByQuarter =
            [
                .. Enumerable.Range(0, Quarters)
                    .Select(quarter => _quarterNdcg[quarter] / Math.Max(1, _quarterJudged[quarter])),
            ],
            OracleNdcgLow = mean - half,
            OracleNdcgHigh = mean + half,
            ErrorRate = _errors / (double)Math.Max(1, _satisfied),
            ModelVersion = snapshot.Serving.ModelVersion ?? "none",
            DataDrift = snapshot.Monitoring.LastVerdict ?? "no report",
            Skew = snapshot.Monitoring.LastSkew ?? "no report",
            DetectedAt = workspace.Detections.Where(at => at >= dayStart).Cast<DateTimeOffset?>().FirstOrDefault(),
            Runs = [.. workspace.Runs.Skip(runsBefore).Select(DescribeRun)],
            Problems = _problems,
        };
    }

    private static string DescribeRun(Training.TrainingRun run) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{run.Started:HH:mm} training run ({run.Cause.ToString().ToLowerInvariant()}, {run.Seconds:F1} s, best {run.Best}): {(run.Verdict.IsPromoted ? "promoted" : "not promoted")}: {run.Verdict.Reason}");

    private double Quantile(double share) =>
        _milliseconds.Count == 0
            ? 0
            : _milliseconds[Math.Min(_milliseconds.Count - 1, (int)Math.Ceiling(share * _milliseconds.Count) - 1)];
}
