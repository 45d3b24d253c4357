using System.Globalization;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Joins values to a text: <c>tv|14</c>. A <c>|</c> or <c>\</c> within a value has a <c>\</c> before it, so that
/// different values give different texts.</summary>
internal sealed class CrossFormula(params (Formula Value, ExpressionType Type)[] parts) : Formula
{
    private const int LongestNumber = 32;

    private byte[] _buffer = new byte[64];
    private int _length;

    public override bool TryText(SourceRow row, out ReadOnlySpan<byte> utf8)
    {
        _length = 0;
        for (int part = 0; part < parts.Length; part++)
        {
            if (part > 0)
            {
                Add("|"u8);
            }

            if (!TryAdd(parts[part].Value, parts[part].Type, row))
            {
                utf8 = default;
                return false;
            }
        }

        utf8 = _buffer.AsSpan(0, _length);
        return true;
    }

    private bool TryAdd(Formula value, ExpressionType type, SourceRow row)
    {
        if (type is ExpressionType.Text or ExpressionType.Nothing)
        {
            bool isThere = value.TryText(row, out ReadOnlySpan<byte> text);
            AddEscaped(text);
            return isThere;
        }

        double number = value.Number(row);
        if (type == ExpressionType.Flag)
        {
            Add(number == 1 ? "true"u8 : "false"u8);
        }
        else
        {
            number.TryFormat(Room(LongestNumber), out int written, "R", CultureInfo.InvariantCulture);
            _length += written;
        }

        return !double.IsNaN(number);
    }

    private void AddEscaped(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny((byte)'|', (byte)'\\') is >= 0 and int at)
        {
            Add(text[..at]);
            Add("\\"u8);
            Add(text.Slice(at, 1));
            text = text[(at + 1)..];
        }

        Add(text);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - _length < length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + length));
        }

        return _buffer.AsSpan(_length);
    }
}
