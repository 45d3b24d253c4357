using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>What retrieval models that read attributes know of items: the features of the item's entity as of one moment,
/// encoded. Items of the table that nobody has chosen yet are among them.</summary>
/// <param name="snapshot">The lake at one moment.</param>
/// <param name="spec">The system.</param>
/// <param name="views">Its views.</param>
/// <param name="folder">The folder of its file.</param>
/// <param name="items">The items, in the order of the rows.</param>
internal sealed class ItemFeatures(
    LakeSnapshot snapshot, SystemSpec spec, IReadOnlyList<FeatureView> views, string folder, EntityIndex items)
{
    /// <summary>True where a model of the file reads attributes, and there are features of items.</summary>
    public static bool AreRead(SystemSpec spec, ModelCatalogue catalogue, IReadOnlyList<FeatureView> views) =>
        views.Any(view => view.Entity == ItemOf(spec))
        && spec.Training.Candidates.Prepend(spec.Model.Retrieve)
            .Any(choice => catalogue.Find(choice.Kind).ReadsAttributes);

    /// <summary>Adds the items of the item's table, as known at one moment.</summary>
    public static void AddDeclared(
        LakeSnapshot snapshot, SystemSpec spec, DateTimeOffset now, EntityIndex items, CancellationToken cancellationToken)
    {
        string entity = ItemOf(spec);
        if (!spec.Entities.TryGetValue(entity, out EntitySpec? declared) || declared.Table is not { } table)
        {
            return;
        }

        using LakeReader reader = snapshot.Scan(
            new LakeQuery { Table = table, Columns = [entity], KnownUntil = now, OrderBy = [LakeEnvelope.LogPosition] },
            cancellationToken);
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                if (!reader.IsNull(0, row))
                {
                    items.FindOrAdd(reader.Utf8(0, row));
                }
            }
        }
    }

    /// <summary>Reads and encodes the features as of a moment: encoders too see nothing that came later.</summary>
    public async Task<AttributeRows> AtAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        string entity = ItemOf(spec);
        long[] times = new long[items.Count];
        Array.Fill(times, LakeTime.ToMicros(moment));
        Spine spine = new()
        {
            Entities = [entity],
            Ids = [[.. Enumerable.Range(0, items.Count).Select(item => items.Text(item))]],
            Times = times,
        };
        FeatureSet features = FeaturesOf(entity);
        float[] numbers = features.Count == 0
            ? []
            : (await TrainingSetBuilder.BuildAsync(snapshot, spine, features, moment, cancellationToken: cancellationToken)
                .ConfigureAwait(false)).Values;
        IReadOnlyList<string> names = EncoderChoice.TextsOf(spec, views, [entity]);
        IReadOnlyList<TextColumn> texts = names.Count == 0
            ? []
            : await TextJoin.BuildAsync(snapshot, spine, views, names, moment, cancellationToken).ConfigureAwait(false);
        bool[] isTraining = new bool[items.Count];
        Array.Fill(isTraining, true);
        (FeatureEncoders encoders, EncodedRows rows) = FeatureEncoders.Fit(
            new EncoderRows
            {
                Numbers = features.Names,
                Values = numbers,
                Texts = texts,
                Labels = new float[items.Count],
                Times = times,
                IsTraining = isTraining,
            },
            Encoders(), folder);
        return new AttributeRows
        {
            DenseCount = encoders.DenseCount,
            SparseCount = encoders.SparseCount,
            Dense = rows.Dense,
            Starts = rows.Starts,
            Columns = rows.Columns,
            Values = rows.Values,
        };
    }

    private static string ItemOf(SystemSpec spec) => spec.Sources[spec.Objective.Label.Event].Entities[^1];

    /// <summary>Numbers that an item alone decides: nothing of a request, a user or all.</summary>
    private FeatureSet FeaturesOf(string entity)
    {
        var all = FeatureSet.Create(views);
        return FeatureSet.Create(
            views,
            [
                .. all.Names.Where((name, index) => all.EntitiesOf(index).All(each => each == entity)
                    && FeatureSet.Create(views, [name]).RequestColumns.Count == 0),
            ]);
    }

    /// <summary>The encoders of the file; an item has no label, so where one would learn from labels, texts are
    /// hashed.</summary>
    private Dictionary<string, EncoderSpec> Encoders() => spec.Encoders.ToDictionary(
        static encoder => encoder.Key,
        static encoder => encoder.Value.Kind == "target" ? encoder.Value with { Kind = "hashing" } : encoder.Value,
        StringComparer.Ordinal);
}
