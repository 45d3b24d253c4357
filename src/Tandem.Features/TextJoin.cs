using Tandem.Features.Evaluation;
using Tandem.Lake;

namespace Tandem.Features;

/// <summary>Joins features of texts to a spine as of each row's moment, with the evaluation that serves online: what
/// <see cref="TrainingSetBuilder"/> does for numbers.</summary>
public static class TextJoin
{
    /// <summary>Reads the texts of every row.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="spine">The rows.</param>
    /// <param name="views">The views.</param>
    /// <param name="names">Features of texts or lists of texts, as <c>view:feature</c>; none computed when read.</param>
    /// <param name="asOf">The moment the rows stand for; none lies after it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A column a name.</returns>
    /// <exception cref="Tandem.Faults.TandemException">FEA009: there is no such feature of texts.</exception>
    /// <remarks>One sorted scan a series that is read; O(events + rows · log events). The work is done on a thread of the
    /// pool.</remarks>
    public static Task<IReadOnlyList<TextColumn>> BuildAsync(
        LakeSnapshot snapshot, Spine spine, IReadOnlyList<FeatureView> views, IReadOnlyList<string> names,
        DateTimeOffset asOf, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spine);
        spine.Check();
        return Task.Run(() => Build(snapshot, spine, views, names, asOf, cancellationToken), cancellationToken);
    }

    private static IReadOnlyList<TextColumn> Build(
        LakeSnapshot snapshot, Spine spine, IReadOnlyList<FeatureView> views, IReadOnlyList<string> names,
        DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var features = new Dictionary<(string View, string Feature), (int Series, FeaturePlan Plan)>();
        IReadOnlyList<SeriesPlan> plans = SeriesPlan.PlanAll(views, features);
        var byName = features.ToDictionary(
            static each => $"{each.Key.View}:{each.Key.Feature}", static each => each.Value, StringComparer.Ordinal);
        (string Name, int Series, FeaturePlan Plan, AnswerColumn.Texts Column)[] columns =
        [
            .. names.Select(name => byName.TryGetValue(name, out (int Series, FeaturePlan Plan) found)
                && found.Plan.GivesTexts
                ? (name, found.Series, found.Plan, new AnswerColumn.Texts(spine.Count))
                : throw FeaturesErrors.UnknownFeature(name)),
        ];
        var tables = TableHistory.Read(snapshot, plans.Select(static plan => plan.Shape), asOf, cancellationToken);
        for (int p = 0; p < plans.Count; p++)
        {
            (FeaturePlan Plan, AnswerColumn Column)[] wanted =
            [
                .. columns.Where(each => each.Series == p).Select(each => (each.Plan, (AnswerColumn)each.Column)),
            ];
            if (wanted.Length > 0)
            {
                new SeriesReplay(plans[p], spine, wanted, tables).Run(snapshot, asOf, cancellationToken);
            }
        }

        return [.. columns.Select(static each => TextColumn.OfLists(each.Name, each.Column.Values))];
    }
}
