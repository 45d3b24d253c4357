using Tandem.Learning;
using Tandem.Learning.Nearest;
using Tandem.Numerics;

namespace Tandem.Serving.Pipeline;

/// <summary>Brings the vectors of items that a model took in after it was fitted into its index, behind the requests' back: what
/// is not there yet is scored beside the index.</summary>
/// <remarks>One for each index. A thread that gives way to requests works while there is something to bring, and builds the
/// index again once it is worn.</remarks>
internal sealed class IndexFeed : IDisposable
{
    private const int SampleCount = 128;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ending;
    private readonly NearestIndex _index;
    private IVectorScorer _scorer;
    private int _brought;
    private bool _isWorking;

    /// <summary>Begins with an index as it was built.</summary>
    /// <param name="index">The index.</param>
    /// <param name="scorer">The model that it was built of.</param>
    public IndexFeed(NearestIndex index, IVectorScorer scorer)
    {
        _ending = _end.Token;
        _index = index;
        _scorer = scorer;
        _brought = index.Count;
    }

    /// <summary>Takes the model that will answer from now on: items that were read again are changed in the index at once, those
    /// that came are brought there in the background.</summary>
    /// <param name="scorer">The model before with more items behind its own.</param>
    public void Follow(IVectorScorer scorer)
    {
        lock (_gate)
        {
            for (int item = scorer.ItemVectors.RowCount; item < _brought; item++)
            {
                if (!scorer.VectorOf(item).SequenceEqual(_scorer.VectorOf(item)))
                {
                    Put(item, scorer.VectorOf(item));
                }
            }

            _scorer = scorer;
            if (_isWorking || (_brought == scorer.ItemCount && !_index.IsWorn))
            {
                return;
            }

            _isWorking = true;
        }

        _ = BackgroundThread.RunAsync(Work);
    }

    /// <summary>Ends the work, between two items or while the index is built again.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private void Work()
    {
        bool isMore = true;
        while (isMore && !_ending.IsCancellationRequested)
        {
            if (_index.IsWorn)
            {
                Rebuild();
            }

            isMore = BringNext();
        }
    }

    /// <summary>Brings one item.</summary>
    /// <returns>False where there was none.</returns>
    private bool BringNext()
    {
        lock (_gate)
        {
            _isWorking = _brought < _scorer.ItemCount;
            if (_isWorking)
            {
                Put(_brought, _scorer.VectorOf(_brought));
                _brought++;
            }

            return _isWorking;
        }
    }

    private void Rebuild()
    {
        try
        {
            _index.Rebuild(
                _index.Options, _scorer.SampleQueries(SampleCount, _index.Options.Seed), threadCount: 1, _ending);
        }
        catch (OperationCanceledException)
        {
            // Another model answers.
        }
    }

    private void Put(int item, ReadOnlySpan<float> vector)
    {
        if (float.IsFinite(Kernel.Dot(vector, vector)))
        {
            _index.Upsert(item, vector);
        }
        else
        {
            // It has no place among vectors, as it has none among scores.
            _index.Remove(item);
        }
    }
}
