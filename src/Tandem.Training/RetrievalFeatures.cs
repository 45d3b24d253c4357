using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>What retrieval models that read attributes know beside who chose what: the features of items as of one moment,
/// items of the table that nobody has chosen yet among them, and those of users as of each row's moment.</summary>
/// <param name="snapshot">The lake at one moment.</param>
/// <param name="spec">The system.</param>
/// <param name="views">Its views.</param>
/// <param name="folder">The folder of its file.</param>
/// <param name="users">The users, in the order of the rows.</param>
/// <param name="items">The items, in the order of the rows.</param>
internal sealed class RetrievalFeatures(
    LakeSnapshot snapshot, SystemSpec spec, IReadOnlyList<FeatureView> views, string folder, EntityIndex users,
    EntityIndex items)
{
    /// <summary>True where a model of the file reads attributes, and an entity has features.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="catalogue">Kinds of models.</param>
    /// <param name="views">Its views.</param>
    /// <param name="entity">The entity.</param>
    public static bool AreRead(
        SystemSpec spec, ModelCatalogue catalogue, IReadOnlyList<FeatureView> views, string entity) =>
        views.Any(view => view.Entity == entity)
        && spec.Training.Candidates.Prepend(spec.Model.Retrieve)
            .Any(choice => catalogue.Find(choice.Kind).ReadsAttributes);

    /// <summary>Who chooses.</summary>
    public static string UserOf(SystemSpec spec) => spec.Sources[spec.Objective.Label.Event].Entities[0];

    /// <summary>What is chosen.</summary>
    public static string ItemOf(SystemSpec spec) => spec.Sources[spec.Objective.Label.Event].Entities[^1];

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

    /// <summary>Reads the features of all items as of a moment, and fits encoders on them, which too see nothing that came
    /// later.</summary>
    /// <returns>No encoders and no rows where items have no features.</returns>
    public async Task<(FeatureEncoders? Encoders, AttributeRows Rows)> ItemsAtAsync(
        DateTimeOffset moment, CancellationToken cancellationToken)
    {
        string entity = ItemOf(spec);
        (FeatureSet numbers, IReadOnlyList<string> texts) = FeaturesOf(entity);
        if (numbers.Count + texts.Count == 0)
        {
            return (null, AttributeRows.None);
        }

        long[] times = new long[items.Count];
        Array.Fill(times, LakeTime.ToMicros(moment));
        return Fit(
            await ReadAsync(snapshot, views, entity, numbers, texts, items.Texts(), times, moment, cancellationToken)
                .ConfigureAwait(false),
            static _ => true);
    }

    /// <summary>Reads the features of the user of each row as of the row's moment.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="times">Their moments, microseconds since 1970; empty where there are none.</param>
    /// <param name="now">The run's moment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null where users have no features, or rows no times: what they count would count the row itself.</returns>
    public async Task<EncoderRows?> ReadUsersAsync(
        Interactions rows, long[] times, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string entity = UserOf(spec);
        (FeatureSet numbers, IReadOnlyList<string> texts) = FeaturesOf(entity);
        if (times.Length == 0 || numbers.Count + texts.Count == 0)
        {
            return null;
        }

        string[] ids = new string[rows.Count];
        for (int user = 0; user < rows.UserCount; user++)
        {
            ids.AsSpan(rows.RowStarts[user]..rows.RowStarts[user + 1]).Fill(users.Text(user));
        }

        return await ReadAsync(snapshot, views, entity, numbers, texts, ids, times, now, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Reads the features of the item of each row, and of an item drawn evenly from all beside it, as of the newest moment
    /// before the row that lies whole steps before now: what a model would have known that is made once a step.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="times">Their moments, microseconds since 1970.</param>
    /// <param name="step">Length of a step.</param>
    /// <param name="now">The run's moment.</param>
    /// <param name="seed">Draws items.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The states, their attributes yet to be encoded, and what to encode; null where items have no
    /// features.</returns>
    public async Task<(ItemStates States, EncoderRows Rows)?> ReadPastAsync(
        Interactions rows, long[] times, TimeSpan step, DateTimeOffset now, ulong seed, CancellationToken cancellationToken)
    {
        string entity = ItemOf(spec);
        (FeatureSet numbers, IReadOnlyList<string> texts) = FeaturesOf(entity);
        if (numbers.Count + texts.Count == 0)
        {
            return null;
        }

        Dictionary<(int Item, long Period), int> numberOf = [];
        SeededRandom random = new(seed);
        int[] chosen = new int[rows.Count];
        int[] drawn = new int[rows.Count];
        long end = LakeTime.ToMicros(now);
        long length = step.Ticks / TimeSpan.TicksPerMicrosecond;
        for (int row = 0; row < rows.Count; row++)
        {
            long period = Math.Max(0, (end - times[row] - 1) / length);
            chosen[row] = NumberOf((rows.Items[row], period));
            drawn[row] = NumberOf((random.NextInt(rows.ItemCount), period));
        }

        int NumberOf((int Item, long Period) state)
        {
            _ = numberOf.TryAdd(state, numberOf.Count);
            return numberOf[state];
        }

        (int Item, long Period)[] states = [.. numberOf.OrderBy(static each => each.Value).Select(static each => each.Key)];
        long[] periods = [.. states.Select(static state => state.Period).Distinct().Order()];
        ItemStates past = new()
        {
            Items = [.. states.Select(static state => state.Item)],
            Periods = [.. states.Select(state => Array.BinarySearch(periods, state.Period))],
            Attributes = AttributeRows.None,
            Chosen = chosen,
            Drawn = drawn,
        };
        return (past, await ReadAsync(
            snapshot, views, entity, numbers, texts, [.. past.Items.Select(items.Text)],
            [.. states.Select(state => end - ((state.Period + 1) * length))], now, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The states with their attributes.</summary>
    /// <param name="past">What was read.</param>
    /// <param name="encoders">What was fitted.</param>
    public static ItemStates Encode((ItemStates States, EncoderRows Rows) past, FeatureEncoders encoders) =>
        past.States with { Attributes = RowsOf(encoders, encoders.Encode(past.Rows)) };

    /// <summary>Reads and encodes the features of users as of moments.</summary>
    /// <param name="encoders">What was fitted.</param>
    /// <param name="ids">The users.</param>
    /// <param name="times">The moments, microseconds since 1970.</param>
    /// <param name="now">A moment not before any of them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<AttributeRows> UsersAtAsync(
        FeatureEncoders encoders, string[] ids, long[] times, DateTimeOffset now, CancellationToken cancellationToken) =>
        EncodeAsync(snapshot, views, UserOf(spec), encoders, ids, times, now, cancellationToken);

    /// <summary>Fits encoders on some of the rows, and encodes all.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="isTraining">True for a row that they may learn from.</param>
    public (FeatureEncoders Encoders, AttributeRows Rows) Fit(EncoderRows rows, Func<int, bool> isTraining)
    {
        (FeatureEncoders encoders, EncodedRows encoded) = FeatureEncoders.Fit(
            rows with { IsTraining = [.. Enumerable.Range(0, rows.Count).Select(isTraining)] }, Encoders(), folder);
        return (encoders, RowsOf(encoders, encoded));
    }

    /// <summary>The encoders of both sides with the views behind them.</summary>
    public RetrievalEncoders Both(FeatureEncoders? ofUsers, FeatureEncoders? ofItems) => new(ofUsers, ofItems, views);

    /// <summary>Reads and encodes features as of moments.</summary>
    public static async Task<AttributeRows> EncodeAsync(
        LakeSnapshot snapshot, IReadOnlyList<FeatureView> views, string entity, FeatureEncoders encoders, string[] ids,
        long[] times, DateTimeOffset now, CancellationToken cancellationToken) => RowsOf(
            encoders,
            encoders.Encode(await ReadAsync(
                snapshot, views, entity, FeatureSet.Create(views, encoders.Numbers), encoders.Texts, ids, times, now,
                cancellationToken).ConfigureAwait(false)));

    private static async Task<EncoderRows> ReadAsync(
        LakeSnapshot snapshot, IReadOnlyList<FeatureView> views, string entity, FeatureSet numbers,
        IReadOnlyList<string> texts, string[] ids, long[] times, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Spine spine = new() { Entities = [entity], Ids = [ids], Times = times };
        return new EncoderRows
        {
            Numbers = numbers.Names,
            Values = numbers.Count == 0
                ? []
                : (await TrainingSetBuilder.BuildAsync(snapshot, spine, numbers, now, cancellationToken: cancellationToken)
                    .ConfigureAwait(false)).Values,
            Texts = texts.Count == 0
                ? []
                : await TextJoin.BuildAsync(snapshot, spine, views, texts, now, cancellationToken).ConfigureAwait(false),
            Labels = new float[ids.Length],
            Times = times,
            IsTraining = new bool[ids.Length],
        };
    }

    private static AttributeRows RowsOf(FeatureEncoders encoders, EncodedRows rows) => new()
    {
        DenseCount = encoders.DenseCount,
        SparseCount = encoders.SparseCount,
        Dense = rows.Dense,
        Starts = rows.Starts,
        Columns = rows.Columns,
        Values = rows.Values,
    };

    /// <summary>Numbers and texts that the entity alone decides: nothing of a request, of others or all.</summary>
    private (FeatureSet Numbers, IReadOnlyList<string> Texts) FeaturesOf(string entity)
    {
        var all = FeatureSet.Create(views);
        return (
            FeatureSet.Create(
                views,
                [
                    .. all.Names.Where((name, index) => all.EntitiesOf(index).All(each => each == entity)
                        && FeatureSet.Create(views, [name]).RequestColumns.Count == 0),
                ]),
            EncoderChoice.TextsOf(spec, views, [entity]));
    }

    /// <summary>The encoders of the file; what is chosen is the label of no user and no item, so where an encoder would learn
    /// from labels, texts are hashed.</summary>
    private Dictionary<string, EncoderSpec> Encoders() => spec.Encoders.ToDictionary(
        static encoder => encoder.Key,
        static encoder => encoder.Value.Kind == "target" ? encoder.Value with { Kind = "hashing" } : encoder.Value,
        StringComparer.Ordinal);
}
