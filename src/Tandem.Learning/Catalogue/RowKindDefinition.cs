using Tandem.Faults;

namespace Tandem.Learning.Catalogue;

/// <summary>Makes a <see cref="RowModelKind"/> whose fitting first checks settings and rows, as
/// <see cref="KindDefinition"/> does for item models.</summary>
internal static class RowKindDefinition
{
    /// <summary>Fits from checked settings and rows.</summary>
    public delegate IRowScorer Trainer(
        ParameterValues values, LabelledRows rows, FitContext context, CancellationToken cancellationToken);

    public static RowModelKind Create(
        string name, string summary, IReadOnlyList<ModelParameter> parameters, Trainer train,
        Func<Stream, IRowScorer> load, IReadOnlyList<RowTargetKind>? targets = null, bool takesMissing = false)
    {
        IReadOnlyList<RowTargetKind> kinds = targets ?? [RowTargetKind.Binary];
        return new RowModelKind
        {
            Name = name,
            Summary = summary,
            Parameters = parameters,
            Targets = kinds,
            TakesMissing = takesMissing,
            Load = load,
            Fit = (rows, given, context, cancellationToken) =>
            {
                ParameterValues values = new(name, parameters, given);
                if (!kinds.Contains(rows.Target.Kind))
                {
                    throw new TandemException(LearningErrors.OtherTarget(name, rows.Target.Kind, kinds));
                }

                rows.ThrowUnlessSound(takesMissing);
                if (rows.Count == 0)
                {
                    throw new TandemException(LearningErrors.NoRows(name));
                }

                return rows.Target.Kind != RowTargetKind.Binary
                    || (rows.Labels.Contains(0) && rows.Labels.Contains(1))
                    ? train(values, rows, context, cancellationToken)
                    : throw new TandemException(LearningErrors.OneClass(name, rows.Labels[0] > 0));
            },
        };
    }
}
