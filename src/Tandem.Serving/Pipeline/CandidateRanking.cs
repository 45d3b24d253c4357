using Tandem.Events;
using Tandem.Features;

namespace Tandem.Serving.Pipeline;

/// <summary>Orders the candidates of one request by their features. Pooled with its context: in steady state it allocates
/// nothing.</summary>
internal sealed class CandidateRanking
{
    private readonly RowScoring _rows = new();
    private long[] _keys = [];
    private int[] _order = [];
    private Candidate[] _candidates = [];

    /// <summary>Where in the log the values of the last run end.</summary>
    public JournalPosition SeenUntil => _rows.SeenUntil;

    /// <summary>Orders the context's candidates; each keeps the number of its vector.</summary>
    public void Run(RequestContext context, ServedRowModel ranker)
    {
        int count = context.CandidateCount;
        Span<string> ids = _rows.Ids(count);
        Span<float> retrieval = _rows.Retrieval(count);
        for (int i = 0; i < count; i++)
        {
            ids[i] = context.Model.Items.Text(context.Candidates[i].Item);
            retrieval[i] = context.Candidates[i].Score;
        }

        FeatureRequest request = new()
        {
            AsOf = context.Now,
            Entity = ranker.UserEntity,
            Id = context.Request.UserId,
            Context = context.Request.Context,
        };
        Order(context.Candidates, _rows.Run(count, ranker, in request));
    }

    /// <summary>The vector of a candidate of the last run.</summary>
    public ReadOnlySpan<float> Vector(int number, int width) => _rows.Vector(number, width);

    private void Order(Span<Candidate> candidates, ReadOnlySpan<float> scores)
    {
        RequestContext.Grow(ref _keys, candidates.Length);
        RequestContext.Grow(ref _order, candidates.Length);
        RequestContext.Grow(ref _candidates, candidates.Length);
        for (int i = 0; i < candidates.Length; i++)
        {
            // Bits of a float sort as it does once those of negative ones are turned; the complement puts the best first.
            int bits = BitConverter.SingleToInt32Bits(scores[i]);
            bits ^= (bits >> 31) & int.MaxValue;
            _keys[i] = ((long)~bits << 32) | (uint)candidates[i].Item;
            _order[i] = i;
            _candidates[i] = candidates[i];
        }

        Array.Sort(_keys, _order, 0, candidates.Length);
        for (int i = 0; i < candidates.Length; i++)
        {
            int from = _order[i];
            float probability = 1 / (1 + MathF.Exp(-scores[from]));
            candidates[i] = _candidates[from] with { Score = probability, Vector = from };
        }
    }
}
