using Tandem.Numerics;

namespace Tandem.Serving.Pipeline;

/// <summary>A served model with the bridge between its item numbers and the catalogue's.</summary>
internal sealed class LiveModel
{
    private readonly int[] _toModel;
    private volatile Alive? _alive;

    public LiveModel(ServedModel served, ItemCatalogue catalogue)
    {
        Served = served;
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

    public ServedModel Served { get; }

    /// <summary>Catalogue number of each of the model's items.</summary>
    public int[] ToCatalogue { get; }

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
