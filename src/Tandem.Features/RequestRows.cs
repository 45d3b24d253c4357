using System.Text;
using Tandem.Features.Evaluation;
using Tandem.Lake;

namespace Tandem.Features;

/// <summary>Collects what requests said from the rows of impressions that hold it, for <see cref="Spine.Request"/>.</summary>
public sealed class RequestRows
{
    private readonly SourceColumn[] _columns;
    private readonly List<double>[] _numbers;
    private readonly List<string?>[] _texts;

    /// <summary>Begins with no rows.</summary>
    /// <param name="set">The features that read the request.</param>
    public RequestRows(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        _columns = [.. set.Compute?.Request?.Columns ?? []];
        _numbers = [.. _columns.Select(static _ => new List<double>())];
        _texts = [.. _columns.Select(static _ => new List<string?>())];
    }

    /// <summary>Columns of the impressions to read.</summary>
    public IReadOnlyList<string> Columns => [.. _columns.Select(static column => column.Name)];

    /// <summary>Takes a row.</summary>
    /// <param name="reader">Reads the impressions.</param>
    /// <param name="first">Index of the first of <see cref="Columns"/> in the reader.</param>
    /// <param name="row">The row.</param>
    public void Add(LakeReader reader, int first, int row)
    {
        ArgumentNullException.ThrowIfNull(reader);
        for (int c = 0; c < _columns.Length; c++)
        {
            if (_columns[c].IsText)
            {
                _texts[c].Add(reader.IsNull(first + c, row) ? null : Encoding.UTF8.GetString(reader.Utf8(first + c, row)));
            }
            else
            {
                _numbers[c].Add(LakeRows.Number(reader, _columns[c].Type, first + c, row));
            }
        }
    }

    /// <summary>The columns, by name.</summary>
    public IReadOnlyDictionary<string, RequestColumn> ToColumns() => _columns.Select(static (column, c) => (column.Name, c))
        .ToDictionary(
            static each => each.Name,
            each => new RequestColumn { Numbers = [.. _numbers[each.c]], Texts = [.. _texts[each.c]] },
            StringComparer.Ordinal);
}
