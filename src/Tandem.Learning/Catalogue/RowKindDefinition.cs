using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Catalogue;

/// <summary>Makes a <see cref="RowModelKind"/> whose fitting first checks settings and rows, as
/// <see cref="KindDefinition"/> does for item models.</summary>
internal static class RowKindDefinition
{
    /// <summary>Fits from checked settings and rows; by the focal loss where <see cref="FitContext.FocalGamma"/> is above
    /// 0.</summary>
    public delegate IRowScorer Trainer(
        ParameterValues values, LabelledRows rows, FitContext context, CancellationToken cancellationToken);

    public static RowModelKind Create(
        string name, string summary, IReadOnlyList<ModelParameter> parameters, Trainer train,
        Func<Stream, IRowScorer> load, IReadOnlyList<RowTargetKind>? targets = null, bool takesMissing = false,
        bool takesFocalLoss = false, bool takesDirections = false)
    {
        IReadOnlyList<RowTargetKind> kinds = targets ?? [RowTargetKind.Binary];
        return new RowModelKind
        {
            Name = name,
            Summary = summary,
            Parameters = parameters,
            Targets = kinds,
            TakesMissing = takesMissing,
            TakesFocalLoss = takesFocalLoss,
            TakesDirections = takesDirections,
            Load = source => AdjustedScorer.Load(source, load),
            Fit = (given, settings, context, cancellationToken) =>
            {
                ParameterValues values = new(name, parameters, settings);
                LabelledRows rows = given.Rows;
                if (!kinds.Contains(rows.Target.Kind))
                {
                    throw new TandemException(LearningErrors.OtherTarget(name, rows.Target.Kind, kinds));
                }

                rows.ThrowUnlessSound(takesMissing);
                if (rows.Count == 0)
                {
                    throw new TandemException(LearningErrors.NoRows(name));
                }

                if (rows.Target.Kind == RowTargetKind.Binary && !(rows.Labels.Contains(0) && rows.Labels.Contains(1)))
                {
                    throw new TandemException(LearningErrors.OneClass(name, rows.Labels[0] > 0));
                }

                if (!takesDirections && rows.Directions.AsSpan().ContainsAnyExcept(0))
                {
                    throw new TandemException(LearningErrors.NoDirections(name));
                }

                if (given.FocalGamma > 0 && !takesFocalLoss)
                {
                    throw new TandemException(LearningErrors.NoFocalLoss(name));
                }

                context = context with { FocalGamma = given.FocalGamma };
                return AdjustedScorer.Over(
                    BackgroundThread.Run(() => train(values, rows, context, cancellationToken)), given);
            },
        };
    }
}
