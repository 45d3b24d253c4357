using Tandem.Faults;
using Tandem.Learning.Catalogue;

namespace Tandem.Learning.Imbalance;

/// <summary>A method for rare positives with its settings: <c>training.imbalance</c> of a design.</summary>
/// <param name="Method">Its name, such as <c>down_sample</c>.</param>
/// <param name="Parameters">Settings by name; missing ones take their default.</param>
public sealed record ImbalanceChoice(string Method, IReadOnlyDictionary<string, double> Parameters)
{
    /// <summary>Rows as they are.</summary>
    public static ImbalanceChoice None { get; } =
        new(ImbalanceMethods.None, new Dictionary<string, double>(StringComparer.Ordinal));

    /// <summary>Fits a kind of model on rows as the method leaves them. The one way by which the training loop, evaluation and
    /// comparisons treat rare positives: call it with the rows of a training fold alone.</summary>
    /// <param name="kind">The kind of model.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="parameters">The model's settings.</param>
    /// <param name="context">Seed and threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The model, whose scores are probabilities of the rows as they were; and the shares of positives.</returns>
    /// <exception cref="TandemException">LRN050 to LRN057, and what the kind refuses.</exception>
    public (IRowScorer Scorer, BaseRates Rates) Fit(
        RowModelKind kind, LabelledRows rows, IReadOnlyDictionary<string, double> parameters, FitContext context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(rows);
        TrainingRows made = Apply(
            rows, given => kind.Fit(given, parameters, context with { Progress = null }, cancellationToken),
            kind.TakesMissing, context, cancellationToken);
        return (
            kind.Fit(made, parameters, context, cancellationToken),
            new BaseRates(Method, made.Count, made.PositiveRate, made.PositiveRateBefore));
    }

    /// <summary>Makes training rows.</summary>
    internal TrainingRows Apply(
        LabelledRows rows, Func<TrainingRows, IRowScorer> fit, bool takesMissing, FitContext context,
        CancellationToken cancellationToken)
    {
        ImbalanceMethod method = ImbalanceMethods.Find(Method);
        ParameterValues values = new(Method, method.Parameters, Parameters);
        if (Method == ImbalanceMethods.None)
        {
            return rows;
        }

        if (rows.Target.Kind != RowTargetKind.Binary)
        {
            throw new TandemException(LearningErrors.NotRare(Method, rows.Target.Kind));
        }

        rows.ThrowUnlessSound(takesMissing);

        // Rows of one class are refused by the kind, whatever is done about them.
        return rows.Labels.Contains(0) && rows.Labels.Contains(1)
            ? method.Make(new ImbalanceWork(Method, rows, values, context, fit, cancellationToken))
            : rows;
    }
}
