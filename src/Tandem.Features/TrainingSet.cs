using System.Runtime.CompilerServices;
using Tandem.Features.Evaluation;
using Tandem.Storage;

namespace Tandem.Features;

/// <summary>Features joined to a spine: immutable, and named by the hash of everything in it.</summary>
/// <remarks>Saved as <c>docs/formats/training-set.md</c> says.</remarks>
public sealed class TrainingSet
{
    private const string Folder = "sets/";
    private const string DescriptionName = "/set.json";

    private readonly byte[] _table;
    private readonly byte[] _description;

    /// <param name="set">The features.</param>
    /// <param name="spine">The rows.</param>
    /// <param name="values">Shape (rows, features), row-major.</param>
    /// <param name="manifest">Number of the lake manifest that was read.</param>
    /// <param name="asOf">The moment the set stands for.</param>
    internal TrainingSet(FeatureSet set, Spine spine, float[] values, long manifest, DateTimeOffset asOf)
        : this(spine, TrainingTable.WriteRows(spine), values, set.Count, hash =>
            TrainingSetDescription.Of(set, spine, hash, manifest, asOf, sources: null))
    {
    }

    /// <param name="description">What it is made of, without its table.</param>
    /// <param name="spine">The rows.</param>
    /// <param name="rows">The rows as <see cref="TrainingTable.WriteRows"/> writes them.</param>
    /// <param name="values">Shape (rows, features), row-major.</param>
    internal TrainingSet(TrainingSetDescription description, Spine spine, byte[] rows, float[] values)
        : this(spine, rows, values, description.Features.Count, _ => description)
    {
    }

    private TrainingSet(
        Spine spine, byte[] rows, float[] values, int width, Func<string, TrainingSetDescription> description)
    {
        _table = TrainingTable.Write(rows, values, width);
        Spine = spine;
        Values = values;
        Description = description(ContentHash.Of(rows)) with { Table = ContentHash.Of(_table) };
        _description = Description.Write();
        Hash = ContentHash.Of(_description);
    }

    private TrainingSet(string hash, TrainingSetDescription description, byte[] bytes, byte[] table)
    {
        _description = bytes;
        _table = table;
        Hash = hash;
        Description = description;
        (Spine, Values) = TrainingTable.Read(table, description.Entities, hash);
        if (Spine.Count != description.Rows || Values.LongLength != (long)Spine.Count * description.Features.Count)
        {
            throw FeaturesErrors.DamagedSet(hash, "its table has other rows than its description");
        }
    }

    /// <summary>Name of the set, <c>sha256:…</c>: hash of definition versions, lake manifest, as-of moment, spine and
    /// values.</summary>
    public string Hash { get; }

    /// <summary>What it was made of.</summary>
    public TrainingSetDescription Description { get; }

    /// <summary>The rows: ids, moments, labels, weights and parts.</summary>
    public Spine Spine { get; }

    /// <summary>Feature values, shape (rows, features), row-major; NaN is null.</summary>
    public float[] Values { get; }

    /// <summary>Views that were taken over from earlier sets when this one was built, each with the hash of that set; they
    /// are no part of what the set is, and of a set that was read none.</summary>
    public IReadOnlyDictionary<string, string> Reused { get; internal init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Number of rows.</summary>
    public int RowCount => Spine.Count;

    /// <summary>Number of features, the width of <see cref="Values"/>.</summary>
    public int FeatureCount => Description.Features.Count;

    /// <summary>The feature vector of a row.</summary>
    /// <param name="row">The row, 0 to <see cref="RowCount"/>, exclusive.</param>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * FeatureCount, FeatureCount);

    /// <summary>The values of a feature, by row.</summary>
    /// <param name="index">Index of the feature.</param>
    public float[] Column(int index)
    {
        float[] column = new float[RowCount];
        for (int row = 0; row < column.Length; row++)
        {
            column[row] = Values[(row * FeatureCount) + index];
        }

        return column;
    }

    /// <summary>Gives the index of a feature, or -1 where the set does not have it.</summary>
    /// <param name="name">Its name as <c>view:feature</c>.</param>
    public int IndexOf(string name)
    {
        for (int index = 0; index < FeatureCount; index++)
        {
            if (Description.Features[index] == name)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The set without the rows that name an id; the same set where none does.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="id">The id.</param>
    public TrainingSet Without(string entity, string id)
    {
        int column = Spine.Entities.ToList().IndexOf(entity);
        if (column < 0)
        {
            return this;
        }

        int[] kept = [.. Enumerable.Range(0, RowCount).Where(row => Spine.Ids[column][row] != id)];
        if (kept.Length == RowCount)
        {
            return this;
        }

        float[] values = new float[kept.Length * FeatureCount];
        for (int i = 0; i < kept.Length; i++)
        {
            Row(kept[i]).CopyTo(values.AsSpan(i * FeatureCount));
        }

        Spine left = Spine.Take(kept);
        return new TrainingSet(left, TrainingTable.WriteRows(left), values, FeatureCount, hash => Description with
        {
            Rows = left.Count,
            Spine = Description.Spine is null ? null : hash,
        });
    }

    /// <summary>Writes the set under its hash. Writing it again changes nothing.</summary>
    /// <param name="store">Where features are kept.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task SaveAsync(IObjectStore store, CancellationToken cancellationToken = default)
    {
        // The description comes last: a set whose description is there is whole.
        await store.PutAsync(TableKey(Hash), _table, cancellationToken).ConfigureAwait(false);
        await store.PutAsync(DescriptionKey(Hash), _description, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a set and checks every byte of it.</summary>
    /// <param name="store">Where features are kept.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO002: there is no such set; STO004, FEA012: its bytes are not
    /// what was written; FEA013: a person was erased from it, and it goes on under another hash.</exception>
    public static async Task<TrainingSet> LoadAsync(
        IObjectStore store, string hash, CancellationToken cancellationToken = default)
    {
        if (!ContentHash.IsWellFormed(hash))
        {
            throw new ArgumentException($"'{hash}' is no hash of a training set.", nameof(hash));
        }

        if (await TrainingSetErasure.SuccessorAsync(store, hash, cancellationToken).ConfigureAwait(false)
            is { } successor)
        {
            throw FeaturesErrors.ErasedSet(hash, successor);
        }

        byte[] bytes = await store.GetAsync(DescriptionKey(hash), cancellationToken).ConfigureAwait(false);
        ContentHash.Verify(bytes, hash, DescriptionKey(hash));
        var description = TrainingSetDescription.Read(bytes, hash);
        byte[] table = await store.GetAsync(TableKey(hash), cancellationToken).ConfigureAwait(false);
        ContentHash.Verify(table, description.Table, TableKey(hash));
        return new TrainingSet(hash, description, bytes, table);
    }

    /// <summary>The lake's manifests that saved sets were made from.</summary>
    /// <param name="store">Where features are kept.</param>
    /// <param name="cancellationToken">Stops between two sets.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA012: a set is damaged.</exception>
    public static async Task<IReadOnlySet<long>> ManifestsAsync(
        IObjectStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        HashSet<long> manifests = [];
        await foreach ((string _, TrainingSetDescription description) in ListAsync(store, cancellationToken)
            .ConfigureAwait(false))
        {
            manifests.Add(description.Manifest);
        }

        return manifests;
    }

    /// <summary>Lists the saved sets with what they were made of, by hash.</summary>
    /// <param name="store">Where features are kept.</param>
    /// <param name="cancellationToken">Stops between two sets.</param>
    /// <exception cref="Tandem.Faults.TandemException">FEA012: a set is damaged.</exception>
    public static async IAsyncEnumerable<(string Hash, TrainingSetDescription Description)> ListAsync(
        IObjectStore store, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await foreach (string hash in HashesAsync(store, cancellationToken).ConfigureAwait(false))
        {
            byte[] bytes = await store.GetAsync(DescriptionKey(hash), cancellationToken).ConfigureAwait(false);
            yield return (hash, TrainingSetDescription.Read(bytes, hash));
        }
    }

    /// <summary>The hashes of the saved sets.</summary>
    internal static async IAsyncEnumerable<string> HashesAsync(
        IObjectStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectEntry entry in store.ListAsync(Folder, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Key.EndsWith(DescriptionName, StringComparison.Ordinal))
            {
                yield return "sha256:" + entry.Key[Folder.Length..^DescriptionName.Length];
            }
        }
    }

    internal static string DescriptionKey(string hash) => $"{Folder}{ContentHash.Digits(hash)}{DescriptionName}";

    internal static string TableKey(string hash) => $"sets/{ContentHash.Digits(hash)}/table.bin";
}
