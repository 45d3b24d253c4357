using System.Text;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Writes and reads the ids of pairs: both parts with a <c>|</c> between, as <see cref="CrossFormula"/> joins
/// them. Not thread safe.</summary>
internal sealed class PairText
{
    private readonly SourceRow _row = new(2);
    private readonly CrossFormula _cross = new(
        (new Formula.Cell(0), ExpressionType.Text), (new Formula.Cell(1), ExpressionType.Text));

    /// <summary>The id of a pair, valid until the next.</summary>
    public ReadOnlySpan<byte> Of(string first, ReadOnlySpan<byte> second)
    {
        _row.Clear();
        SetFirst(first);
        _row.Set(1, second);
        _cross.TryText(_row, out ReadOnlySpan<byte> text);
        return text;
    }

    /// <inheritdoc cref="Of(string, ReadOnlySpan{byte})"/>
    public ReadOnlySpan<byte> Of(string first, string second)
    {
        _row.Clear();
        SetFirst(first);
        Span<byte> room = _row.Reserve(1, Encoding.UTF8.GetMaxByteCount(second.Length));
        _row.Commit(1, Encoding.UTF8.GetBytes(second, room));
        _cross.TryText(_row, out ReadOnlySpan<byte> text);
        return text;
    }

    /// <summary>The id of a pair as a text.</summary>
    public static string Join(string first, string second) =>
        Encoding.UTF8.GetString(Scratch.OfThread.Pair.Of(first, second));

    /// <summary>The first part of the id of a pair; all of it where it is none.</summary>
    public static string First(string id)
    {
        StringBuilder first = new();
        for (int i = 0; i < id.Length && id[i] != '|'; i++)
        {
            i += id[i] == '\\' && i + 1 < id.Length ? 1 : 0;
            first.Append(id[i]);
        }

        return first.ToString();
    }

    private void SetFirst(string first)
    {
        Span<byte> room = _row.Reserve(0, Encoding.UTF8.GetMaxByteCount(first.Length));
        _row.Commit(0, Encoding.UTF8.GetBytes(first, room));
    }
}
