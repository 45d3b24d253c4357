using Tandem.Events;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning;

namespace Tandem.Serving.Pipeline;

/// <summary>Reads, encodes and scores the rows of one request: one row an item. Pooled: in steady state it allocates
/// nothing.</summary>
internal sealed class RowScoring
{
    private readonly Action _read;
    private readonly RowTexts _texts = new();
    private ServedRowModel? _model;
    private FeatureRequest _request;
    private int _count;
    private string[] _ids = [];
    private float[] _retrieval = [];
    private float[] _vectors = [];
    private float[] _numbers = [];
    private float[] _dense = [];
    private int[] _starts = [];
    private int[] _columns = [];
    private float[] _values = [];
    private float[] _scores = [];

    public RowScoring()
    {
        _read = Read;
    }

    /// <summary>Where in the log the values of the last run end.</summary>
    public JournalPosition SeenUntil { get; private set; }

    /// <summary>Room for the items of the rows, to be filled before each run.</summary>
    public Span<string> Ids(int count)
    {
        RequestContext.Grow(ref _ids, count);
        return _ids.AsSpan(0, count);
    }

    /// <summary>Room for their scores of retrieval, to be filled before a run of a model that reads them.</summary>
    public Span<float> Retrieval(int count)
    {
        RequestContext.Grow(ref _retrieval, count);
        return _retrieval.AsSpan(0, count);
    }

    /// <summary>Scores the rows.</summary>
    /// <returns>The scores, shape (count, outputs), until the next run.</returns>
    public ReadOnlySpan<float> Run(int count, ServedRowModel model, in FeatureRequest request)
    {
        _model = model;
        _request = request;
        _count = count;
        Grow(count, model);
        SeenUntil = model.Store.ReadTogether(_read);
        Encode(count, model);
        Span<float> scores = _scores.AsSpan(0, count * model.Scorer.Target.OutputCount);
        FeatureRows rows = Encoded(count, model);
        model.Scorer.ScoreRows(in rows, scores);
        Array.Clear(_ids, 0, count);
        _model = null;
        _request = default;
        return scores;
    }

    /// <summary>The vector of a row of the last run.</summary>
    public ReadOnlySpan<float> Vector(int number, int width) => _vectors.AsSpan(number * width, width);

    /// <summary>Says what each feature adds to a row's score in the last run.</summary>
    /// <param name="number">The row.</param>
    /// <param name="count">Rows of the run.</param>
    /// <param name="model">Its model.</param>
    /// <param name="most">Features to name at most.</param>
    public Explanation Explain(int number, int count, ServedRowModel model, int most)
    {
        FeatureRows rows = Encoded(count, model);
        FeatureEncoders encoders = model.Encoders;
        return Explanation.Of(
            model.Scorer, in rows, number, encoders.Features, encoders.FeatureOfDense, encoders.FeatureOfSparse, most)[0];
    }

    private FeatureRows Encoded(int count, ServedRowModel model) => new()
    {
        Count = count,
        Dense = _dense.AsSpan(0, count * model.Encoders.DenseCount),
        Starts = _starts.AsSpan(0, count + 1),
        Columns = _columns,
        Values = _values,
    };

    /// <summary>Fills one vector a row, all as of one moment; what belongs to the request is read once.</summary>
    private void Read()
    {
        ServedRowModel model = _model!;
        model.Reader.ReadRows(
            _request, model.ItemEntity, _ids.AsSpan(0, _count), _vectors.AsSpan(0, _count * model.Reader.Set.Count));
        _texts.Read(model, in _request, _ids.AsSpan(0, _count));
    }

    private void Encode(int count, ServedRowModel model)
    {
        FeatureEncoders encoders = model.Encoders;
        int width = model.Reader.Set.Count;
        Span<float> numbers = _numbers.AsSpan(0, encoders.Numbers.Count);
        int entries = 0;
        for (int i = 0; i < count; i++)
        {
            model.Pick(Vector(i, width), numbers);
            if (model.ReadsRetrieval)
            {
                numbers[^1] = _retrieval[i];
            }

            ReadOnlySpan<string> texts = _texts.Row(model, i, out ReadOnlySpan<int> starts);
            FeatureRow row = new() { Numbers = numbers, Texts = texts, TextStarts = starts };
            int room = entries + encoders.RoomFor(in row);
            if (_columns.Length < room)
            {
                Array.Resize(ref _columns, room * 2);
                Array.Resize(ref _values, room * 2);
            }

            _starts[i] = entries;
            entries += encoders.Encode(
                in row, _dense.AsSpan(i * encoders.DenseCount, encoders.DenseCount), _columns.AsSpan(entries),
                _values.AsSpan(entries));
        }

        _starts[count] = entries;
    }

    private void Grow(int count, ServedRowModel model)
    {
        RequestContext.Grow(ref _vectors, count * model.Reader.Set.Count);
        RequestContext.Grow(ref _numbers, model.Encoders.Numbers.Count);
        RequestContext.Grow(ref _dense, count * model.Encoders.DenseCount);
        RequestContext.Grow(ref _starts, count + 1);
        RequestContext.Grow(ref _scores, count * model.Scorer.Target.OutputCount);
    }
}
