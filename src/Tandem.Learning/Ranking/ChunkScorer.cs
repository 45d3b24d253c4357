using Tandem.Numerics;

namespace Tandem.Learning.Ranking;

/// <summary>Scores all items for the users of a chunk, together where the model can. One a worker.</summary>
internal sealed class ChunkScorer
{
    private readonly IItemScorer _model;
    private readonly DataSplit _split;
    private readonly IBatchScorer? _together;
    private readonly Matrix _scores;
    private int[] _users = [];

    public ChunkScorer(IItemScorer model, DataSplit split, int usersPerChunk)
    {
        _model = model;
        _split = split;
        _together = model as IBatchScorer;
        _scores = new Matrix(_together is null ? 1 : usersPerChunk, model.ItemCount);
    }

    /// <summary>Starts a chunk.</summary>
    public void Start(ReadOnlySpan<int> users)
    {
        _users = users.ToArray();
        _together?.ScoreMany(_users.Length, index => QueryOf(_users[index]), _scores);
    }

    /// <summary>The scores of one user of the chunk, valid and writable until the next call.</summary>
    public Span<float> Score(int index)
    {
        if (_together is not null)
        {
            return _scores.Row(index);
        }

        _model.ScoreItems(QueryOf(_users[index]), _scores.Row(0));
        return _scores.Row(0);
    }

    private ItemQuery QueryOf(int user) => new()
    {
        User = user,
        History = _split.History.ItemsOf(user),
        AgeDays = _split.History.AgesOf(user),
        Attributes = _split.UserAttributes.Row(user),
        HistoryIsNew = _split.History.ItemsOf(user).Length != _split.Train.ItemsOf(user).Length,
    };
}
