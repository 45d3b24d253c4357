using Tandem.Features;
using Tandem.Learning;
using Tandem.Numerics;

namespace Tandem.Serving.Pipeline;

/// <summary>A served model with the bridge between its item numbers and the catalogue's.</summary>
internal sealed class LiveModel
{
    private readonly ServedModel _fitted;
    private readonly AttributeRows _added;
    private readonly int[] _toModel;
    private volatile Alive? _alive;

    /// <summary>Bridges a model as it was fitted.</summary>
    public LiveModel(ServedModel served, ItemCatalogue catalogue)
    {
        Served = served;
        _fitted = served;
        _added = AttributeRows.None with
        {
            DenseCount = served.ItemInputs?.Encoders.DenseCount ?? 0,
            SparseCount = served.ItemInputs?.Encoders.SparseCount ?? 0,
        };
        ToCatalogue = new int[served.Items.Count];
        for (int i = 0; i < ToCatalogue.Length; i++)
        {
            ToCatalogue[i] = catalogue.Items.FindOrAdd(served.Items.Utf8(i));
        }

        _toModel = new int[catalogue.Items.Count];
        Array.Fill(_toModel, -1);
        for (int i = 0; i < ToCatalogue.Length; i++)
        {
            _toModel[ToCatalogue[i]] = i;
        }
    }

    /// <summary>Bridges a model with items that came behind those of another.</summary>
    private LiveModel(LiveModel before, ServedModel served, AttributeRows added, int[] numbers)
    {
        Served = served;
        _fitted = before._fitted;
        _added = added;
        ToCatalogue = [.. before.ToCatalogue, .. numbers];
        _toModel = new int[Math.Max(before._toModel.Length, numbers.DefaultIfEmpty(-1).Max() + 1)];
        Array.Fill(_toModel, -1);
        before._toModel.CopyTo(_toModel, 0);
        for (int i = 0; i < numbers.Length; i++)
        {
            _toModel[numbers[i]] = before.ToCatalogue.Length + i;
        }
    }

    public ServedModel Served { get; }

    /// <summary>Catalogue number of each of the model's items.</summary>
    public int[] ToCatalogue { get; }

    /// <summary>Takes in items by what is known of them now. Those that the model was fitted with stay as they are; those that
    /// it took in before are read again.</summary>
    /// <param name="numbers">Catalogue numbers, each once.</param>
    /// <param name="catalogue">The items.</param>
    /// <param name="now">The moment.</param>
    /// <returns>The model with them behind its own, or this one where there is nothing to take in, or it cannot.</returns>
    public LiveModel TakeIn(IEnumerable<int> numbers, ItemCatalogue catalogue, DateTimeOffset now)
    {
        if (Served is not { ItemInputs: { } reader, Scorer: IGrowingScorer scorer, Fallback: IGrowingScorer fallback })
        {
            return this;
        }

        int fitted = _fitted.Items.Count;
        ILookup<bool, int> known = numbers.Order().Where(number => ToModel(number) is int item && (item < 0 || item >= fitted))
            .ToLookup(number => ToModel(number) >= 0);
        int[] added = [.. known[false]];
        if (added.Length == 0 && !known[true].Any())
        {
            return this;
        }

        EntityIndex items = Served.Items.Copy();
        string[] ids = [.. added.Select(catalogue.Items.Text)];
        foreach (string id in ids)
        {
            items.FindOrAdd(id);
        }

        AttributeRows rows = reader.Read(ids, now);
        AttributeRows all = _added.Append(rows.All, rows.Count);
        if (known[true].Any())
        {
            rows = all = reader.Read([.. Enumerable.Range(fitted, items.Count - fitted).Select(items.Text)], now);
            scorer = (IGrowingScorer)_fitted.Scorer;
        }

        ServedModel grown = Served with
        {
            Items = items,
            Scorer = scorer.WithItems(rows.Count, rows.All),
            Fallback = fallback.WithItems(added.Length, default),
        };
        return new LiveModel(this, grown, all, added);
    }

    /// <summary>Gives the items that are not gone, one bit each; worked out again only when one went or came
    /// back.</summary>
    public void CopyAlive(ItemCatalogue catalogue, Span<ulong> bits)
    {
        int deletions = catalogue.Deletions;
        Alive? alive = _alive;
        if (alive is null || alive.Deletions != deletions)
        {
            alive = new Alive(deletions, new ulong[bits.Length]);
            IdBits.Fill(alive.Bits, ToCatalogue.Length);
            ReadOnlySpan<bool> deleted = catalogue.Deleted;
            for (int i = 0; i < ToCatalogue.Length; i++)
            {
                if (ToCatalogue[i] < deleted.Length && deleted[ToCatalogue[i]])
                {
                    IdBits.Remove(alive.Bits, i);
                }
            }

            _alive = alive;
        }

        alive.Bits.CopyTo(bits);
    }

    /// <summary>The model's number of a catalogue item, or -1 where the model does not know it.</summary>
    public int ToModel(int item) => (uint)item < (uint)_toModel.Length ? _toModel[item] : -1;

    /// <summary>What was not gone after so many changes.</summary>
    private sealed record Alive(int Deletions, ulong[] Bits);
}
