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

    /// <summary>Finds how the model ranked an item of an answer: its place from 1, before a toss ordered its pair; null
    /// where either is unknown.</summary>
    public int? RankOf(string requestId, string item)
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
                return 1 + (WasTossed(items, i) ? i ^ 1 : i);
            }
        }

        return null;
    }

    /// <summary>True where the lower of a pair's scores stands first: a toss put it there.</summary>
    private static bool WasTossed(IReadOnlyList<RecommendedItem> items, int index)
    {
        int first = index & ~1;
        return first + 1 < items.Count
            && items[first].Source == items[first + 1].Source
            && items[first].Score < items[first + 1].Score;
    }
}
