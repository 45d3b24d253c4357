using Tandem.Learning;
using Tandem.Learning.Nearest;
using Tandem.Numerics;

namespace Tandem.Serving.Pipeline;

/// <summary>Everything one request works on. Pooled: its buffers live on from request to request, so that a request in
/// steady state allocates only its answer.</summary>
internal sealed class RequestContext
{
    private int[] _history = [];
    private float[] _ages = [];
    private long[] _times = [];
    private int[] _seen = [];
    private float[] _scores = [];
    private int[] _scratch = [];
    private Candidate[] _candidates = [];
    private float[] _query = [];
    private ulong[] _allowed = [];
    private float[] _found = [];
    private readonly EntityInputs _user = new();

    /// <summary>What was asked.</summary>
    public RecommendRequest Request { get; private set; } = new();

    /// <summary>The model that answers.</summary>
    public LiveModel Live { get; private set; } = null!;

    /// <summary>The same without its bridge.</summary>
    public ServedModel Model => Live.Served;

    /// <summary>When it was asked.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Items wanted.</summary>
    public int Count { get; private set; }

    /// <summary>The user's index in the model, or -1.</summary>
    public int User { get; set; }

    /// <summary>True where the history is not the one that the model was fitted on.</summary>
    public bool HistoryIsNew { get; set; }

    /// <summary>Items in the history.</summary>
    public int HistoryCount { get; set; }

    /// <summary>Items that the user met.</summary>
    public int SeenCount { get; set; }

    /// <summary>Candidates so far.</summary>
    public int CandidateCount { get; set; }

    /// <summary>True where the index finds the candidates; false where every item has a score.</summary>
    public bool IsIndexed { get; set; }

    /// <summary>Items that the index had when it was searched; those from here on are scored one by one.</summary>
    public int IndexedCount { get; private set; }

    /// <summary>True where <see cref="Allowed"/> says which items the index may find; false where it may find
    /// all.</summary>
    public bool IsFiltered { get; set; }

    /// <summary>The query's vector for the index.</summary>
    public Span<float> Query => _query.AsSpan(0, Model.Index!.Dimension);

    /// <summary>Items that the index may find, one bit each.</summary>
    public Span<ulong> Allowed => _allowed.AsSpan(0, IsFiltered ? IdBits.WordsOf(Model.Items.Count) : 0);

    /// <summary>Orders candidates by their features.</summary>
    public CandidateRanking Ranking { get; } = new();

    /// <summary>What a stage decided, for the trace.</summary>
    public string? Note { get; set; }

    /// <summary>Room for times while the history is copied; as long as the history.</summary>
    public long[] Times => _times;

    /// <summary>History in model indices, oldest first; room for the configured length.</summary>
    public Span<int> History => _history;

    /// <summary>Ages of the history in days.</summary>
    public Span<float> AgeDays => _ages;

    /// <summary>Items that the user met, in model indices.</summary>
    public Span<int> Seen => _seen.AsSpan(0, SeenCount);

    /// <summary>Score of every item, length = items of the model.</summary>
    public Span<float> Scores => _scores.AsSpan(0, Model.Items.Count);

    /// <summary>Candidates, best first.</summary>
    public Span<Candidate> Candidates => _candidates.AsSpan(0, CandidateCount);

    /// <summary>Makes the context ready for a request.</summary>
    public void Begin(RecommendRequest request, LiveModel live, DateTimeOffset now, int count, int historyLength)
    {
        Request = request;
        Live = live;
        Now = now;
        Count = count;
        User = -1;
        HistoryIsNew = false;
        HistoryCount = 0;
        SeenCount = 0;
        CandidateCount = 0;
        Note = null;
        IsIndexed = false;
        IsFiltered = false;
        Grow(ref _query, live.Served.Index?.Dimension ?? 0);
        Grow(ref _allowed, live.Served.Index is null ? 0 : IdBits.WordsOf(live.Served.Items.Count));
        Grow(ref _history, historyLength);
        Grow(ref _ages, historyLength);
        Grow(ref _times, historyLength);
        Grow(ref _scores, live.Served.Items.Count);
    }

    /// <summary>What is known of the user, as the model reads it; no row where it reads nothing.</summary>
    public FeatureRows UserRow => Model.UserInputs is { } inputs ? _user.Row(inputs) : default;

    /// <summary>Reads what is known of the user, where the model reads it.</summary>
    /// <returns>True where anything is known.</returns>
    public bool ReadUser() => Model.UserInputs is { } inputs && _user.Read(inputs, Request.UserId, Now);

    /// <summary>Gives room for the items that the user met.</summary>
    public int[] SeenRoom(int count)
    {
        Grow(ref _seen, count);
        return _seen;
    }

    /// <summary>Gives room for item numbers that a stage needs for itself.</summary>
    public Span<int> Scratch(int count)
    {
        Grow(ref _scratch, count);
        return _scratch.AsSpan(0, count);
    }

    /// <summary>Adds the best-scored items that are not struck out as candidates; equal scores go to the lower
    /// number.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="source">Whose scores they are.</param>
    /// <returns>How many were added.</returns>
    public int AddBest(int count, CandidateSource source)
    {
        Span<int> best = Scratch(Math.Min(count, Scores.Length));
        int found = TopK.Select(Scores, best);
        Grow(ref _candidates, CandidateCount + found);
        int before = CandidateCount;
        foreach (int item in best[..found])
        {
            _candidates[CandidateCount++] = new Candidate(item, Scores[item], source, Propensity: 1);
        }

        return CandidateCount - before;
    }

    /// <summary>Adds the items that the index finds as candidates; those that it did not have when the search began are
    /// left for <see cref="AddFresh"/>, so that each is found once.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>What the index found, best first.</returns>
    public ReadOnlySpan<int> AddFound(int count)
    {
        NearestIndex index = Model.Index!;
        IndexedCount = Math.Min(index.Count, Model.Items.Count);
        Span<int> best = Scratch(Math.Min(count, IndexedCount));
        Grow(ref _found, best.Length);
        int found = index.Search(Query, Allowed, best, _found.AsSpan(0, best.Length));
        Grow(ref _candidates, CandidateCount + found);
        for (int i = 0; i < found; i++)
        {
            if (best[i] < IndexedCount)
            {
                _candidates[CandidateCount++] = new Candidate(best[i], _found[i], CandidateSource.Model, Propensity: 1);
            }
        }

        return best[..found];
    }

    /// <summary>Adds the items that the index did not have yet, where they are among the best, by scoring them
    /// all.</summary>
    /// <param name="count">Candidates at most.</param>
    public void AddFresh(int count)
    {
        var scorer = (IVectorScorer)Model.Scorer;
        Grow(ref _candidates, count + 1);
        for (int item = IndexedCount; item < Model.Items.Count; item++)
        {
            if (IsFiltered && !IdBits.Has(Allowed, item))
            {
                continue;
            }

            float score = Kernel.Dot(Query, scorer.VectorOf(item));
            int place = CandidateCount;
            while (place > 0 && _candidates[place - 1].Score < score)
            {
                place--;
            }

            if (place < count)
            {
                Array.Copy(_candidates, place, _candidates, place + 1, CandidateCount - place);
                _candidates[place] = new Candidate(item, score, CandidateSource.Model, Propensity: 1);
                CandidateCount = Math.Min(count, CandidateCount + 1);
            }
        }
    }

    /// <summary>Adds an item to the history, dropping the oldest where it is full.</summary>
    public void AddHistory(int item, float ageDays)
    {
        if (HistoryCount == _history.Length)
        {
            Array.Copy(_history, 1, _history, 0, HistoryCount - 1);
            Array.Copy(_ages, 1, _ages, 0, HistoryCount - 1);
            HistoryCount--;
        }

        _history[HistoryCount] = item;
        _ages[HistoryCount] = ageDays;
        HistoryCount++;
    }

    /// <summary>Makes a pooled buffer long enough.</summary>
    internal static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            Array.Resize(ref buffer, length);
        }
    }
}
