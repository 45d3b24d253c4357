using Tandem.Learning.Files;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Sasrec;

/// <summary>Reads the last items of a history in their order with a small transformer, and scores items by the inner product
/// of what it looks for and the items' factors. Kind <c>sasrec</c>.</summary>
/// <remarks>Nothing is kept of users: a new history needs no fitting. Without any history the answer is the order of
/// popularity.</remarks>
public sealed class SasrecModel : IBatchScorer
{
    internal const string KindName = "sasrec";

    private readonly SasrecOptions _options;
    private readonly EmbeddingTable _items;
    private readonly float[] _parameters;
    private readonly float[] _shares;
    private readonly float[] _inverseNorms;
    private readonly ScratchPool<Reader> _readers;

    internal SasrecModel(SasrecOptions options, Matrix items, float[] parameters, float[] shares)
    {
        _options = options;
        _items = new EmbeddingTable(items);
        _parameters = parameters;
        _shares = shares;
        _readers = new ScratchPool<Reader>(() => new Reader(options, parameters));
        _inverseNorms = InverseNorms.Of(items);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int ItemCount => _items.Rows.RowCount;

    /// <summary>Item factors, shape (items, factors).</summary>
    public Matrix ItemFactors => _items.Rows;

    /// <inheritdoc/>
    /// <remarks>O(items·k + n·k² + n²·k) for the last n items of the history.</remarks>
    public void ScoreItems(in ItemQuery query, Span<float> scores)
    {
        if (query.History.IsEmpty)
        {
            _shares.CopyTo(scores);
            return;
        }

        Reader reader = _readers.Rent();
        _items.Rows.Multiply(reader.Read(_items, query.History), scores);
        _readers.Return(reader);
    }

    /// <inheritdoc/>
    /// <remarks>Likeness is the cosine of the factors.</remarks>
    public void ScoreSimilar(int item, Span<float> scores) =>
        InverseNorms.ScoreSimilar(_items.Rows, _inverseNorms, item, scores);

    /// <inheritdoc/>
    public void Save(Stream target) => ModelFile.Write(
        target,
        KindName,
        [
            new("items", ItemCount),
            new("factors", _options.Factors),
            new("blocks", _options.Blocks),
            new("heads", _options.Heads),
            new("history_length", _options.HistoryLength),
        ],
        new ModelArray("item_factors", _items.Rows.Values),
        new ModelArray("network", _parameters),
        new ModelArray("shares", _shares));

    /// <summary>True where it has the sizes of settings.</summary>
    internal bool Fits(SasrecOptions options) =>
        (_options.Factors, _options.Blocks, _options.Heads, _options.HistoryLength)
        == (options.Factors, options.Blocks, options.Heads, options.HistoryLength);

    /// <summary>Copies the factors of what is known, and the network.</summary>
    internal void CopyTo(WarmStart start, Matrix items, float[] parameters)
    {
        WarmStart.Copy(_items.Rows, start.Items, items);
        _parameters.CopyTo(parameters, 0);
    }

    internal static SasrecModel Load(Stream source)
    {
        ModelContent content = ModelFile.Read(source, KindName);
        int factors = content.Count("factors");
        int heads = content.Count("heads");
        int blocks = content.Count("blocks");
        int length = content.Count("history_length");
        if (factors is 0 or > 1024 || blocks is 0 or > 12 || length is 0 or > 1000 || heads == 0 || factors % heads != 0)
        {
            throw ModelContent.Damaged("the sizes of the network do not fit together");
        }

        SasrecOptions options = new() { Factors = factors, Blocks = blocks, Heads = heads, HistoryLength = length };
        int items = content.Count("items");
        ParameterLayout layout = new();
        _ = SasrecNetwork.Create(layout, options);
        return new SasrecModel(
            options,
            new Matrix(items, options.Factors, content.Floats("item_factors", (long)items * options.Factors)),
            content.Floats("network", layout.Length),
            content.Floats("shares", items));
    }

    /// <inheritdoc/>
    /// <remarks>One matrix product for all users; up to rounding the numbers are the same.</remarks>
    void IBatchScorer.ScoreMany(int count, QuerySource queries, Matrix scores)
    {
        float[] sought = new float[count * _options.Factors];
        Reader reader = _readers.Rent();
        for (int user = 0; user < count; user++)
        {
            ItemQuery query = queries(user);
            if (!query.History.IsEmpty)
            {
                reader.Read(_items, query.History).CopyTo(sought.AsSpan(user * _options.Factors));
            }
        }

        _readers.Return(reader);
        MatrixProduct.Multiply(
            new MatrixView(sought, count, _options.Factors),
            new MatrixView(_items.Rows.Values, ItemCount, _options.Factors).Transposed, scores.Values);
        for (int user = 0; user < count; user++)
        {
            if (queries(user).History.IsEmpty)
            {
                _shares.CopyTo(scores.Row(user));
            }
        }
    }

    /// <summary>A copy of the network for one query at a time.</summary>
    internal sealed class Reader
    {
        private readonly Chain _network;
        private readonly LayerPass _pass;
        private readonly RowBuffer _input;
        private readonly int _historyLength;

        public Reader(SasrecOptions options, float[] parameters)
        {
            _network = SasrecNetwork.Create(new ParameterLayout(), options);
            _pass = new LayerPass(parameters, []) { Starts = new int[2], SequenceCount = 1 };
            _input = new RowBuffer(options.Factors);
            _historyLength = options.HistoryLength;
        }

        /// <summary>What the owner of a history looks for; valid until the next call.</summary>
        public ReadOnlySpan<float> Read(EmbeddingTable items, ReadOnlySpan<int> history)
        {
            ReadOnlySpan<int> last = history[^Math.Min(_historyLength, history.Length)..];
            items.Gather(last, _input);
            _pass.Starts[1] = last.Length;
            return _network.Forward(_input, _pass).Row(last.Length - 1);
        }
    }
}
