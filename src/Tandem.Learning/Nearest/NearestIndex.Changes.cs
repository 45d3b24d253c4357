using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Nearest;

public sealed partial class NearestIndex
{
    /// <summary>Above this share of rows that ended, a search wades through them.</summary>
    private const double MostEnded = 0.25;

    /// <summary>Above this share of rows that came later, lists and lengths are no longer those of the vectors.</summary>
    private const double MostAdded = 0.5;

    private readonly Lock _changing = new();
    private readonly Lock _rebuilding = new();

    /// <summary>Whether so much changed since the index was built that <see cref="Rebuild"/> is worth it: a quarter of its
    /// rows ended, or half of them came later.</summary>
    public bool IsWorn
    {
        get
        {
            NearestState state = _state;
            return state.RowCount - state.LiveCount > MostEnded * state.RowCount
                || state.RowCount - state.Built.RowCount > MostAdded * state.RowCount;
        }
    }

    /// <summary>Gives an id a vector, in place of one that it may have.</summary>
    /// <param name="id">An id, ≥ 0; those beyond <see cref="Count"/> raise it. Room is kept for all ids below.</param>
    /// <param name="vector">The vector, length <see cref="Dimension"/>; copied.</param>
    /// <exception cref="TandemException">LRN031: the vector holds something that is no number, or is too
    /// long.</exception>
    /// <remarks>Searches that began before find the old vector, those that begin after the new one. Changes wait for each
    /// other; the same changes in the same order give the same answers. Costs O(d²), for <see cref="NearestKind.Ivf"/>
    /// O(lists·d) more and for <see cref="NearestKind.Hnsw"/> a walk; the first copies the graph.</remarks>
    public void Upsert(int id, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimension, nameof(vector));
        if (!float.IsFinite(Kernel.Dot(vector, vector)))
        {
            throw new TandemException(LearningErrors.BadVector(id));
        }

        NearestScratch scratch = _scratch.Rent();
        Prepare(vector, scratch.Query);
        lock (_changing)
        {
            _state = With(Open(_state), id, scratch);
        }

        _scratch.Return(scratch);
    }

    /// <summary>Takes an id's vector away.</summary>
    /// <param name="id">Any id.</param>
    /// <returns>False where it has none.</returns>
    /// <remarks>As <see cref="Upsert"/>; an <see cref="NearestKind.Hnsw"/> links the vector's neighbours with each
    /// other.</remarks>
    public bool Remove(int id)
    {
        lock (_changing)
        {
            NearestState state = _state;
            if (id < 0 || state.RowOf(id) < 0)
            {
                return false;
            }

            _state = Without(Open(state), id);
            return true;
        }
    }

    /// <summary>Builds the index again from the vectors that it has now, beside searches and changes.</summary>
    /// <param name="options">How; metric and seed stay what they were.</param>
    /// <param name="queries">As for <see cref="Build"/>.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops it; the index goes on as it was.</param>
    public void Rebuild(
        NearestOptions options, Matrix? queries, int threadCount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_rebuilding)
        {
            NearestState from = _state;
            (Matrix vectors, int[] ids) = Live(from);
            NearestState built = BuildOver(
                vectors, options with { Metric = Options.Metric, Seed = Options.Seed }, queries, threadCount, cancellationToken)._state;
            bool isDense = ids.Length == from.IdCount;
            built = built with
            {
                Changes = isDense ? null : new RowChanges(ids, from.IdCount, Dimension),
                IdCount = from.IdCount,
            };
            lock (_changing)
            {
                _state = CaughtUp(built, from, _state);
            }
        }
    }

    /// <summary>The vectors of all ids that have one, in the order of the ids.</summary>
    private static (Matrix Vectors, int[] Ids) Live(NearestState state)
    {
        Matrix vectors = new(state.LiveCount, state.Built.ColumnCount);
        int[] ids = new int[state.LiveCount];
        int count = 0;
        for (int id = 0; id < state.IdCount; id++)
        {
            if (state.RowOf(id) is >= 0 and int row)
            {
                state.Row(row).CopyTo(vectors.Row(count));
                ids[count++] = id;
            }
        }

        return (vectors, ids);
    }

    /// <summary>Makes the changes that came while an index was built from an earlier state.</summary>
    private NearestState CaughtUp(NearestState built, NearestState from, NearestState now)
    {
        if (now.Version == from.Version)
        {
            return built;
        }

        NearestScratch scratch = _scratch.Rent();
        built = Open(built);
        for (int row = 0; row < now.RowCount; row++)
        {
            int id = now.Changes!.IdOf(row);
            bool isThere = now.Changes.Has(row, now.Version);
            if (isThere && row >= from.RowCount)
            {
                now.Row(row).CopyTo(scratch.Query);
                built = With(built, id, scratch);
            }
            else if (!isThere && row < from.RowCount && from.RowOf(id) == row && now.RowOf(id) < 0)
            {
                built = Without(built, id);
            }
        }

        _scratch.Return(scratch);
        return built with { IdCount = now.IdCount };
    }

    /// <summary>The state as it was built.</summary>
    private NearestState Unchanged() => _state is { Changes: null } state
        ? state
        : throw new InvalidOperationException("The index was changed since it was built.");

    private NearestState Open(NearestState state)
    {
        if (state.IsOpen)
        {
            return state;
        }

        int[] ids = [];
        if (state.Changes is null)
        {
            ids = new int[state.RowCount];
            for (int id = 0; id < ids.Length; id++)
            {
                ids[id] = id;
            }
        }

        return state with
        {
            Changes = state.Changes ?? new RowChanges(ids, state.IdCount, Dimension),
            Source = state.Source?.Open(state.Built),
            IsOpen = true,
        };
    }

    /// <summary>The next state, in which an id has the vector of the scratch.</summary>
    private static NearestState With(NearestState state, int id, NearestScratch scratch)
    {
        int row = state.RowCount;
        int old = state.RowOf(id);
        RowChanges changes = state.Changes!.WithRoom(row, id);
        changes.Add(row, id, scratch.Query);
        ICandidateSource? source = state.Source;
        if (source is not null)
        {
            state.Rotation.Multiply(scratch.Query, scratch.Rotated);
            source = source.Add(row, scratch.Query, scratch.Rotated);
        }

        NearestState next = state with
        {
            Changes = changes,
            Source = source,
            RowCount = row + 1,
            IdCount = Math.Max(state.IdCount, id + 1),
            LiveCount = state.LiveCount + (old < 0 ? 1 : 0),
            Version = checked(state.Version + 1),
        };
        End(next, old);
        return next;
    }

    /// <summary>The next state, in which an id has no vector.</summary>
    private static NearestState Without(NearestState state, int id)
    {
        NearestState next = state with { LiveCount = state.LiveCount - 1, Version = checked(state.Version + 1) };
        End(next, state.RowOf(id));
        return next;
    }

    private static void End(NearestState next, int row)
    {
        if (row >= 0)
        {
            next.Changes!.End(row, next.Version);
            next.Source?.End(row);
        }
    }
}
