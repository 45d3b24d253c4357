using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private readonly SemaphoreSlim _materializing = new(1, 1);

    /// <summary>Names of what requests may say of themselves: the columns of the impression's source.</summary>
    public IReadOnlyList<string> RequestColumns =>
        Spec.Objective.Label.Impression is { } impression ? [.. Spec.Sources[impression].Columns.Keys] : [];

    /// <summary>Reads features of many entities as they are now, from memory or from the server that holds
    /// them.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>One column a feature, in the order asked for; one value a row of ids, and one row where there are no
    /// ids because every feature is global.</returns>
    /// <exception cref="TandemException">FEA009: there is no such feature; WSP061 to WSP064: ids are missing, of no
    /// entity, or do not stand in rows, or two columns would have one name; BCK codes: the server cannot be used.</exception>
    public async ValueTask<IReadOnlyList<OnlineColumn>> ReadFeaturesAsync(
        OnlineQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        DateTimeOffset now = _options.Clock.GetUtcNow();
        int rows = RowCount(query.Ids.Select(static column => (column.Key, column.Value.Count))
            .Concat(query.Request.Select(static column => (column.Key, column.Value.Count)))) ?? 1;
        string[] known = [.. Spec.Entities.Keys.Union(_views.SelectMany(static view => view.Parts), StringComparer.Ordinal)];
        if (query.Ids.Keys.FirstOrDefault(entity => !known.Contains(entity, StringComparer.Ordinal)) is { } unknown)
        {
            throw WorkspaceErrors.NoSuchEntity(unknown, known);
        }

        ReadOnlyMemory<byte>[] contexts = ContextsOf(query, rows);
        EntityKey[] entities =
        [
            new(FeatureView.GlobalEntity, ""),
            .. query.Ids.SelectMany(static column => column.Value.Select(id => new EntityKey(column.Key, id))),
        ];
        using FeatureLease lease = await Online.FetchAsync(
            entities,
            store => Enumerable.Range(0, rows).SelectMany(row => store.PairsOf(part => PartOf(query, part, row))),
            cancellationToken).ConfigureAwait(false);
        FeatureStore features = lease.Store;
        HashSet<string> names = new(query.Ids.Keys.Concat(query.Request.Keys), StringComparer.Ordinal);
        List<OnlineColumn> columns = [];
        foreach (string feature in query.Features)
        {
            string name = query.FullNames
                ? feature.Replace(":", "__", StringComparison.Ordinal)
                : feature[(feature.IndexOf(':', StringComparison.Ordinal) + 1)..];
            columns.Add(new OnlineColumn(
                names.Add(name) ? name : throw WorkspaceErrors.SameName(name),
                Look(features, feature, query, contexts, now)));
        }

        return columns;
    }

    private IReadOnlyList<OnlineValue> Look(
        FeatureStore features, string name, OnlineQuery query, ReadOnlyMemory<byte>[] contexts, DateTimeOffset now)
    {
        (FeatureView? view, FeatureDefinition? feature) = FeatureView.Find(_views, name) ?? default;
        if (view is { Parts.Count: > 0 } pairs)
        {
            return LookPairs(features, name, pairs, query, contexts.Length, now);
        }

        if (view is not { IsComputed: true })
        {
            string entity = features.EntityOf(name);
            return features.Look(
                name, entity == FeatureView.GlobalEntity ? [.. contexts.Select(static _ => "")] : IdsOf(entity), now);
        }

        string[] entities =
            [.. feature!.Entities.Where(static entity => entity != FeatureView.GlobalEntity)];
        IReadOnlyList<string>[] ids = [.. entities.Select(IdsOf)];
        return
        [
            .. contexts.Select((context, row) => features.Look(
                view, feature,
                entities.Select((entity, e) => (entity, Id: ids[e][row]))
                    .ToDictionary(static each => each.entity, static each => each.Id, StringComparer.Ordinal),
                context, now)),
        ];

        IReadOnlyList<string> IdsOf(string entity) =>
            query.Ids.GetValueOrDefault(entity) ?? throw WorkspaceErrors.NoIds(name, entity);
    }

    /// <summary>Reads a feature of pairs: both parts of a row stand among the ids, or the second in the request. Of
    /// <c>item.category</c> the item is enough.</summary>
    private static OnlineValue[] LookPairs(
        FeatureStore features, string name, FeatureView view, OnlineQuery query, int rows, DateTimeOffset now)
    {
        string first = view.Parts[0];
        string second = view.Parts[1];
        string entity = second.Split('.')[0];
        if (!query.Ids.ContainsKey(first))
        {
            throw WorkspaceErrors.NoIds(name, first);
        }

        if (!query.Ids.ContainsKey(second) && !query.Request.ContainsKey(second) && !query.Ids.ContainsKey(entity))
        {
            throw WorkspaceErrors.NoIds(name, second);
        }

        var values = new OnlineValue[rows];
        for (int row = 0; row < rows; row++)
        {
            string? pair = features.PairOf(view, part => PartOf(query, part, row));
            values[row] = pair is null
                ? new OnlineValue(FeatureValue.Null, FeatureStatus.NotFound, null)
                : features.Look(name, [pair], now)[0];
        }

        return values;
    }

    private static string? PartOf(OnlineQuery query, string part, int row) =>
        query.Ids.GetValueOrDefault(part)?[row]
        ?? (query.Request.TryGetValue(part, out IReadOnlyList<JsonElement>? said)
            && said[row].ValueKind == JsonValueKind.String ? said[row].GetString() : null);

    /// <summary>What the request of each row says.</summary>
    private ReadOnlyMemory<byte>[] ContextsOf(OnlineQuery query, int rows)
    {
        var contexts = new ReadOnlyMemory<byte>[rows];
        for (int row = 0; query.Request.Count > 0 && row < rows; row++)
        {
            contexts[row] = RequestCheck.Write(query.Request, row);
            _requests.Demand(contexts[row], isWhole: false);
        }

        return contexts;
    }

    /// <summary>Takes rows of a source that stand in columns, as <see cref="IngestAsync"/> takes events.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="columns">By name, the values of entities and columns; <c>event_timestamp</c> is when a row
    /// happened, <c>id</c> its id. A row without an id gets one that follows from its values, so that the same row sent
    /// again is the same event.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>One outcome a row.</returns>
    /// <exception cref="TandemException">WSP002: there is no such source; WSP024: a text is none; WSP063: columns
    /// differ in length.</exception>
    public ValueTask<IReadOnlyList<EventOutcome>> PushAsync(
        string source, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> columns,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (!Spec.Sources.TryGetValue(source, out SourceSpec? spec))
        {
            throw new TandemException(WorkspaceErrors.UnknownType(source, Spec.Sources.Keys));
        }

        int rows = RowCount(columns.Select(static column => (column.Key, column.Value.Count))) ?? 0;
        PushedRows pushed = new(source, spec, columns);
        ReadOnlyMemory<byte>[] events;
        try
        {
            events = [.. Enumerable.Range(0, rows).Select(pushed.ToEvent)];
        }
        catch (InvalidOperationException wrong)
        {
            // A text with half a character in it.
            throw new TandemException(WorkspaceErrors.NotARow(wrong.Message.TrimEnd('.')), wrong);
        }

        return IngestAsync(events, EventForm.Event, cancellationToken);
    }

    /// <summary>Brings everything that is in the log by now into the lake, and saves the online features.</summary>
    /// <param name="views">Names of views, which must exist; what is done is the same for all.</param>
    /// <param name="wait">True to wait for another such call that is under way.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">WSP008: opened for reading; WSP060: there is no such view; WSP066: another
    /// such call is under way.</exception>
    public async Task<Materialization> MaterializeAsync(
        IReadOnlyList<string> views, bool wait, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(views);
        string[] known = [.. _views.Select(static view => view.Name)];
        if (views.FirstOrDefault(view => !known.Contains(view, StringComparer.Ordinal)) is { } unknown)
        {
            throw WorkspaceErrors.NoFeatureView(unknown, known);
        }

        if (!await _materializing.WaitAsync(wait ? Timeout.Infinite : 0, cancellationToken).ConfigureAwait(false))
        {
            throw WorkspaceErrors.Materializing();
        }

        try
        {
            await CompactAsync(null, cancellationToken).ConfigureAwait(false);
            await SaveFeaturesInTurnAsync(cancellationToken).ConfigureAwait(false);
            LakeManifest manifest = await LakeManifestAsync(null, cancellationToken).ConfigureAwait(false);
            return new Materialization(manifest.Number, manifest.To.Offset);
        }
        finally
        {
            _materializing.Release();
        }
    }

    /// <summary>Length that all columns have; null where there are none.</summary>
    private static int? RowCount(IEnumerable<(string Name, int Length)> columns)
    {
        (string Name, int Length)[] all = [.. columns];
        return all.FirstOrDefault(column => column.Length != all[0].Length) is { Name: { } name } other
            ? throw WorkspaceErrors.UnevenColumns(all[0].Name, all[0].Length, name, other.Length)
            : all.Length == 0 ? null : all[0].Length;
    }
}
