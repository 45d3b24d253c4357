namespace Tandem.Serving;

/// <summary>The last answers, so that an action can be held against the list it answers.</summary>
/// <remarks>Thread safe; bounded: the oldest answer goes when the room is full.</remarks>
internal sealed class RecentAnswers(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<RecommendedItem>> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Remembers an answer.</summary>
    public void Add(RecommendResponse response)
    {
        lock (_gate)
        {
            if (_answers.TryAdd(response.RequestId, response.Items))
            {
                _order.Enqueue(response.RequestId);
            }

            if (_order.Count > capacity)
            {
                _answers.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Finds the place of an item in an answer: from 1, or null where either is unknown.</summary>
    public int? PositionOf(string requestId, string item)
    {
        IReadOnlyList<RecommendedItem>? items;
        lock (_gate)
        {
            items = _answers.GetValueOrDefault(requestId);
        }

        for (int i = 0; i < (items?.Count ?? 0); i++)
        {
            if (items![i].Id == item)
            {
                return i + 1;
            }
        }

        return null;
    }
}
