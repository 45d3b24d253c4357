using System.Text;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>What computed features read, and then their values; used again from row to row. Not thread safe.</summary>
internal sealed class ComputeRow
{
    private readonly ComputePlan _plan;
    private readonly Formula[] _formulas;
    private readonly SourceRow _row;
    private int _mark;

    public ComputeRow(ComputePlan plan)
    {
        _plan = plan;
        _formulas = plan.Compile();
        _row = new SourceRow(plan.CellCount);
        Numbers = new double[plan.CellCount];
    }

    /// <summary>Room for a number a cell, on its way in.</summary>
    public double[] Numbers { get; }

    /// <summary>The cells.</summary>
    public SourceRow Row => _row;

    /// <summary>Begins with a moment and nothing else known.</summary>
    public void Begin(long asOf)
    {
        _row.Clear();
        _row.Set(_plan.CellOf(ExpressionScope.Now), SourceRow.Seconds(asOf));
        _mark = 0;
    }

    /// <summary>Takes the values of the request: a JSON object, or nothing.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON.</exception>
    public void SetRequest(ReadOnlySpan<byte> json)
    {
        if (!json.IsEmpty)
        {
            _plan.Request?.ReadCells(json, _row);
        }
    }

    /// <summary>Gives a text that the request said.</summary>
    public bool TryRequest(string column, out ReadOnlySpan<byte> text)
    {
        int cell = _plan.CellOfRequest(column);
        bool isThere = cell >= 0 && !_row.IsNull(cell);
        text = isThere ? _row.Utf8(cell) : default;
        return isThere;
    }

    /// <summary>What was taken so far is shared by the rows that follow.</summary>
    public void Mark() => _mark = _row.UsedBytes;

    /// <summary>Forgets the texts since <see cref="Mark"/>; their cells are to be filled anew.</summary>
    public void Release() => _row.UsedBytes = _mark;

    /// <summary>Fills a cell.</summary>
    public void Set(int cell, double number)
    {
        _row.SetNull(cell);
        _row.Set(cell, number);
    }

    /// <summary>Fills a cell; null for no text.</summary>
    public void Set(int cell, string? text)
    {
        _row.SetNull(cell);
        if (text is not null)
        {
            Span<byte> room = _row.Reserve(cell, Encoding.UTF8.GetMaxByteCount(text.Length));
            _row.Commit(cell, Encoding.UTF8.GetBytes(text, room));
        }
    }

    /// <summary>Computes every feature.</summary>
    public void Run()
    {
        for (int i = 0; i < _formulas.Length; i++)
        {
            ComputedFeature feature = _plan.Order[i];
            int cell = _plan.CellOf(feature.Name);
            _row.SetNull(cell);
            if (feature.Type != ExpressionType.Text)
            {
                _row.Set(cell, _formulas[i].Number(_row));
            }
            else if (_formulas[i].TryText(_row, out ReadOnlySpan<byte> text))
            {
                _row.Set(cell, text);
            }
        }
    }

    /// <summary>The value of a cell.</summary>
    public FeatureValue Value(int cell, ExpressionType type) =>
        _row.IsNull(cell) ? FeatureValue.Null
        : type == ExpressionType.Text ? FeatureValue.Of(Encoding.UTF8.GetString(_row.Utf8(cell)))
        : FeatureValue.Of(_row.Number(cell));
}
