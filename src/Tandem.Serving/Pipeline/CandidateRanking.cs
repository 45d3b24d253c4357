using Tandem.Events;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning;

namespace Tandem.Serving.Pipeline;

/// <summary>Reads, encodes and scores the candidates of one request. Pooled with its context: in steady state it allocates
/// nothing.</summary>
internal sealed class CandidateRanking
{
    private readonly Action _read;
    private readonly CandidateTexts _texts = new();
    private RequestContext? _context;
    private ServedRanker? _ranker;
    private string[] _ids = [];
    private float[] _vectors = [];
    private float[] _numbers = [];
    private float[] _dense = [];
    private int[] _starts = [];
    private int[] _columns = [];
    private float[] _values = [];
    private float[] _scores = [];
    private long[] _keys = [];
    private int[] _order = [];
    private Candidate[] _candidates = [];

    public CandidateRanking()
    {
        _read = Read;
    }

    /// <summary>Where in the log the values of the last run end.</summary>
    public JournalPosition SeenUntil { get; private set; }

    /// <summary>Orders the context's candidates; each keeps the number of its vector.</summary>
    public void Run(RequestContext context, ServedRanker ranker)
    {
        _context = context;
        _ranker = ranker;
        int count = context.CandidateCount;
        Grow(count, ranker);
        for (int i = 0; i < count; i++)
        {
            _ids[i] = context.Model.Items.Text(context.Candidates[i].Item);
        }

        SeenUntil = ranker.Store.ReadTogether(_read);
        Encode(context.Candidates, ranker);
        FeatureRows rows = new()
        {
            Count = count,
            Dense = _dense.AsSpan(0, count * ranker.Encoders.DenseCount),
            Starts = _starts.AsSpan(0, count + 1),
            Columns = _columns,
            Values = _values,
        };
        ranker.Scorer.ScoreRows(in rows, _scores.AsSpan(0, count));
        Order(context.Candidates);
        Array.Clear(_ids, 0, count);
        _context = null;
        _ranker = null;
    }

    /// <summary>The vector of a candidate of the last run.</summary>
    public ReadOnlySpan<float> Vector(int number, int width) => _vectors.AsSpan(number * width, width);

    /// <summary>Fills one vector a candidate, all as of one moment; what belongs to the request is read once.</summary>
    private void Read()
    {
        (RequestContext context, ServedRanker ranker) = (_context!, _ranker!);
        int count = context.CandidateCount;
        ranker.Reader.ReadRows(
            new FeatureRequest
            {
                AsOf = context.Now,
                Entity = ranker.UserEntity,
                Id = context.Request.UserId,
                Context = context.Request.Context,
            },
            ranker.ItemEntity, _ids.AsSpan(0, count), _vectors.AsSpan(0, count * ranker.Reader.Set.Count));
        _texts.Read(ranker, context, _ids.AsSpan(0, count));
    }

    private void Encode(ReadOnlySpan<Candidate> candidates, ServedRanker ranker)
    {
        FeatureEncoders encoders = ranker.Encoders;
        int width = ranker.Reader.Set.Count;
        Span<float> numbers = _numbers.AsSpan(0, encoders.Numbers.Count);
        int entries = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            ranker.Pick(Vector(i, width), candidates[i].Score, numbers);
            ReadOnlySpan<string> texts = _texts.Row(ranker, i, out ReadOnlySpan<int> starts);
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

        _starts[candidates.Length] = entries;
    }

    private void Order(Span<Candidate> candidates)
    {
        for (int i = 0; i < candidates.Length; i++)
        {
            // Bits of a float sort as it does once those of negative ones are turned; the complement puts the best first.
            int bits = BitConverter.SingleToInt32Bits(_scores[i]);
            bits ^= (bits >> 31) & int.MaxValue;
            _keys[i] = ((long)~bits << 32) | (uint)candidates[i].Item;
            _order[i] = i;
            _candidates[i] = candidates[i];
        }

        Array.Sort(_keys, _order, 0, candidates.Length);
        for (int i = 0; i < candidates.Length; i++)
        {
            int from = _order[i];
            float probability = 1 / (1 + MathF.Exp(-_scores[from]));
            candidates[i] = _candidates[from] with { Score = probability, Vector = from };
        }
    }

    private void Grow(int count, ServedRanker ranker)
    {
        RequestContext.Grow(ref _ids, count);
        RequestContext.Grow(ref _vectors, count * ranker.Reader.Set.Count);
        RequestContext.Grow(ref _numbers, ranker.Encoders.Numbers.Count);
        RequestContext.Grow(ref _dense, count * ranker.Encoders.DenseCount);
        RequestContext.Grow(ref _starts, count + 1);
        RequestContext.Grow(ref _scores, count);
        RequestContext.Grow(ref _keys, count);
        RequestContext.Grow(ref _order, count);
        RequestContext.Grow(ref _candidates, count);
    }
}
