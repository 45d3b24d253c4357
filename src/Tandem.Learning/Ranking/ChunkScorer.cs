using Tandem.Numerics;

namespace Tandem.Learning.Ranking;

/// <summary>Scores all items for the users of a chunk. Factor models are scored a few items at a time for all users,
/// which reads the item factors once a chunk instead of once a user; the numbers are the same. One a worker.</summary>
internal sealed class ChunkScorer
{
    private const int ItemsAtOnce = 64;

    private readonly IItemScorer _model;
    private readonly DataSplit _split;
    private readonly IFactorScorer? _factorModel;
    private readonly Matrix? _factors;
    private readonly bool[] _isFound;
    private readonly Matrix _scores;
    private int[] _users = [];

    public ChunkScorer(IItemScorer model, DataSplit split, int usersPerChunk)
    {
        _model = model;
        _split = split;
        _factorModel = model as IFactorScorer;
        _factors = _factorModel is null ? null : new Matrix(usersPerChunk, _factorModel.ItemFactors.ColumnCount);
        _isFound = new bool[usersPerChunk];
        _scores = new Matrix(_factorModel is null ? 1 : usersPerChunk, model.ItemCount);
    }

    /// <summary>Starts a chunk.</summary>
    public void Start(ReadOnlySpan<int> users)
    {
        _users = users.ToArray();
        if (_factorModel is null || _factors is null)
        {
            return;
        }

        for (int i = 0; i < _users.Length; i++)
        {
            _isFound[i] = _factorModel.TryFindFactor(QueryOf(_users[i]), _factors.Row(i));
        }

        Matrix items = _factorModel.ItemFactors;
        for (int first = 0; first < items.RowCount; first += ItemsAtOnce)
        {
            int count = Math.Min(ItemsAtOnce, items.RowCount - first);
            for (int i = 0; i < _users.Length; i++)
            {
                items.MultiplyRows(first, _factors.Row(i), _scores.Row(i).Slice(first, count));
            }
        }
    }

    /// <summary>The scores of one user of the chunk, valid and writable until the next call.</summary>
    public Span<float> Score(int index)
    {
        Span<float> scores = _scores.Row(_factorModel is null ? 0 : index);
        if (_factorModel is null || !_isFound[index])
        {
            _model.ScoreItems(QueryOf(_users[index]), scores);
        }

        return scores;
    }

    private ItemQuery QueryOf(int user) => new()
    {
        User = user,
        History = _split.History.ItemsOf(user),
        AgeDays = _split.History.AgesOf(user),
        HistoryIsNew = _split.History.ItemsOf(user).Length != _split.Train.ItemsOf(user).Length,
    };
}
