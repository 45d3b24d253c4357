using System.Collections.Concurrent;
using System.Diagnostics;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Serving.Pipeline;

namespace Tandem.Serving;

/// <summary>Answers how likely positives are, for systems whose task is a probability: the sibling of
/// <see cref="Predictor"/>, which answers what to show.</summary>
/// <remarks>Thread safe. The model is swapped between two requests. In steady state a request allocates its answer, with
/// the values to log, and nothing else.</remarks>
/// <param name="meter">Counts and times the answers.</param>
/// <param name="clock">Tells the time.</param>
public sealed class OutcomePredictor(ServingMeter meter, TimeProvider clock)
{
    private const int MostItems = 1000;
    private const int MostContributions = 10;

    private static readonly string[] Words = ["pass", "act", "abstain"];

    private readonly ConcurrentBag<RowScoring> _pool = [];
    private volatile LiveVersion? _live;

    /// <summary>Version that answers, in digits, or null before the first.</summary>
    public string? Version => _live?.Version;

    /// <summary>The model that answers, or null.</summary>
    public ServedRowModel? Model => _live?.Model;

    /// <summary>Lets a model answer from the next request on.</summary>
    /// <param name="version">Its version, in digits.</param>
    /// <param name="model">The model, or null where it cannot be served.</param>
    /// <param name="fault">Why it cannot; null where it can.</param>
    /// <param name="rule">What is done about probabilities; null decides nothing.</param>
    public void Swap(string version, ServedRowModel? model, Fault? fault, DecisionRule? rule = null) =>
        _live = new LiveVersion(version, model, fault, rule);

    /// <summary>Answers how likely a positive is.</summary>
    /// <param name="request">The question.</param>
    /// <exception cref="TandemException">SRV001: no model yet; SRV003, SRV013: too few or too many items; SRV007, SRV008: the
    /// version cannot be served; LRN073: its model does not explain.</exception>
    public PredictResponse Predict(PredictRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Items.Count is < 1 or > MostItems)
        {
            throw ServingErrors.BadCount(request.Items.Count);
        }

        if (request.IsExplained && request.Items.Count > PredictRequest.MostExplained)
        {
            throw ServingErrors.TooManyExplained(request.Items.Count);
        }

        LiveVersion live = _live ?? throw ServingErrors.NoModel();
        ServedRowModel model = live.Model
            ?? throw (live.Fault is { } fault ? new TandemException(fault) : ServingErrors.NoModel());
        long started = Stopwatch.GetTimestamp();
        RowScoring rows = _pool.TryTake(out RowScoring? pooled) ? pooled : new RowScoring();
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            PredictResponse response = Answer(request, live, model, rows, now);
            meter.Count(Stopwatch.GetElapsedTime(started), isFallback: false);
            return response;
        }
        finally
        {
            _pool.Add(rows);
        }
    }

    private static PredictResponse Answer(
        PredictRequest request, LiveVersion live, ServedRowModel model, RowScoring rows, DateTimeOffset now)
    {
        int count = request.Items.Count;
        Span<string> ids = rows.Ids(count);
        for (int i = 0; i < count; i++)
        {
            ids[i] = request.Items[i];
        }

        FeatureRequest features = new()
        {
            AsOf = now,
            Entity = model.UserEntity,
            Id = request.UserId,
            Context = request.Context,
        };
        ReadOnlySpan<float> scores = rows.Run(count, model, in features);
        var predictions = new Prediction[count];
        bool[] isRead = new bool[count];
        float[] vectors = new float[count * model.Reader.Set.Count];
        for (int i = 0; i < count; i++)
        {
            float probability = 1 / (1 + MathF.Exp(-scores[i]));
            predictions[i] = new Prediction(
                request.Items[i], probability, live.Rule is { } rule ? Words[(int)rule.Decide(probability)] : null)
            {
                Explanation = request.IsExplained ? rows.Explain(i, count, model, MostContributions) : null,
            };
            isRead[i] = true;
            rows.Vector(i, model.Reader.Set.Count).CopyTo(vectors.AsSpan(i * model.Reader.Set.Count));
        }

        return new PredictResponse(Guid.CreateVersion7(now).ToString("N"), live.Version, predictions)
        {
            Values = new ServedValues(model.Reader, model.Store, now, rows.SeenUntil, vectors, isRead),
        };
    }

    private sealed record LiveVersion(string Version, ServedRowModel? Model, Fault? Fault, DecisionRule? Rule);
}
