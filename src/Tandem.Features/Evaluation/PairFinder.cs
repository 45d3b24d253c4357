namespace Tandem.Features.Evaluation;

/// <summary>Finds the series of pairs online: of whom a row is about, of what tables say of them now, and of what the
/// request said. Thread safe.</summary>
/// <param name="tables">What tables say now.</param>
internal sealed class PairFinder(ITableState tables)
{
    /// <summary>Gives the number of the row's pair, or -1 where a part is not known or the pair has no events.</summary>
    /// <param name="shelf">The series.</param>
    /// <param name="ids">Whom the row is about.</param>
    /// <param name="said">Holds what the request said; null for nothing.</param>
    public int Find(SeriesShelf shelf, in RowIds ids, ComputeRow? said)
    {
        PairKey pair = shelf.Plan.Pair!;
        PairText text = Scratch.OfThread.Pair;
        if (ids.Of(pair.First) is not { } first)
        {
            return -1;
        }

        if (pair.Request is { } column)
        {
            return said is not null && said.TryRequest(column, out ReadOnlySpan<byte> value)
                ? shelf.Ids.Find(text.Of(first, value))
                : -1;
        }

        return pair.Entity is null || ids.Of(pair.Entity) is not { } second ? -1
            : pair.Attribute is not { } attribute ? shelf.Ids.Find(text.Of(first, second))
            : TryAttribute(attribute, second, out ReadOnlySpan<byte> found) ? shelf.Ids.Find(text.Of(first, found))
            : -1;
    }

    /// <summary>What a table says of an entity now.</summary>
    public bool TryAttribute(TableColumn attribute, string id, out ReadOnlySpan<byte> text)
    {
        Span<byte> utf8 = id.Length <= TextHash.StackCharacters
            ? stackalloc byte[TextHash.StackCharacters * 3]
            : new byte[System.Text.Encoding.UTF8.GetMaxByteCount(id.Length)];
        return tables.TryFind(
            attribute.Table, attribute.Column, utf8[..System.Text.Encoding.UTF8.GetBytes(id, utf8)], long.MaxValue, out text);
    }
}
