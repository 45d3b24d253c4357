using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Catalogue;

/// <summary>Makes a <see cref="ModelKind"/> whose fitting first checks settings and rows, so that trainers see good
/// ones only, and then works on threads that give way to requests.</summary>
internal static class KindDefinition
{
    /// <summary>Fits from checked settings and rows.</summary>
    public delegate IItemScorer Trainer(
        ParameterValues values, Interactions rows, FitContext context, CancellationToken cancellationToken);

    public static ModelKind Create(
        string name, string summary, bool needsTimes, IReadOnlyList<ModelParameter> parameters, Trainer train,
        Func<Stream, IItemScorer> load) => new()
        {
            Name = name,
            Summary = summary,
            Parameters = parameters,
            NeedsTimes = needsTimes,
            Load = load,
            Fit = (rows, given, context, cancellationToken) =>
            {
                ParameterValues values = new(name, parameters, given);
                rows.ThrowUnlessSound();
                if (rows.Count == 0 || rows.ItemCount == 0)
                {
                    throw new TandemException(LearningErrors.NoRows(name));
                }

                if (needsTimes && !rows.HasTimes)
                {
                    throw new TandemException(LearningErrors.NeedsTimes(name));
                }

                return BackgroundThread.Run(() => train(values, rows, context, cancellationToken));
            },
        };

    /// <summary>The same kind, which can go on from a model.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="fits">Whether a model has the sizes of settings.</param>
    public static ModelKind GoingOn(this ModelKind kind, Func<IItemScorer, ParameterValues, bool> fits) => kind with
    {
        GoesOnFrom = (model, given) => fits(model, new ParameterValues(kind.Name, kind.Parameters, given)),
    };
}
