namespace Tandem.Monitoring.Concept;

/// <summary>A window over a stream of numbers that keeps growing while their mean stays, and drops its old part when
/// the mean changes: the change is the alarm.</summary>
/// <remarks>Paper: Bifet and Gavaldà, <em>Learning from time-changing data with adaptive windowing</em>, 2007. Alarms
/// where river's ADWIN does, value for value. Memory O(MaxBuckets·log n), set aside at the start; an update allocates
/// nothing and takes O(1), every <see cref="AdwinOptions.Clock"/>-th O(log² n). Not thread safe.</remarks>
public sealed class Adwin
{
    private readonly AdwinOptions _options;
    private readonly BucketRows _rows;
    private long _ticks;
    private double _total;
    private double _spread;
    private bool _isSpent;

    /// <summary>Makes an empty window.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    public Adwin(AdwinOptions? options = null)
    {
        _options = options ?? new AdwinOptions();
        _rows = new BucketRows(_options.MaxBuckets);
    }

    /// <summary>Values in the window.</summary>
    public long Width { get; private set; }

    /// <summary>Mean of the window; 0 while it is empty.</summary>
    public double Mean => Width == 0 ? 0 : _total / Width;

    /// <summary>Variance of the window, about its mean.</summary>
    public double Variance => Width == 0 ? 0 : Math.Max(0, _spread) / Width;

    /// <summary>The clearest break in the window at the last alarm; null before the first.</summary>
    public AdwinCut? LastCut { get; private set; }

    /// <summary>Adds a value.</summary>
    /// <param name="value">A finite number.</param>
    /// <returns>True where the mean has changed: the old part has then been dropped, and the window starts afresh with
    /// the next value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public bool Add(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "The value is not finite.");
        }

        if (_isSpent)
        {
            Reset();
        }

        Insert(value);
        _ticks++;
        if (_ticks % _options.Clock == 0 && Width > _options.GracePeriod)
        {
            while (FindCut(wantsClearest: !_isSpent) is { } cut)
            {
                LastCut = _isSpent ? LastCut : cut;
                _isSpent = true;
                DropOldest();
            }
        }

        return _isSpent;
    }

    /// <summary>Copies everything the next values depend on.</summary>
    internal AdwinState Save()
    {
        List<double> totals = [];
        List<double> spreads = [];
        List<int> counts = [];
        for (int row = 0; row < _rows.Count; row++)
        {
            counts.Add(_rows.BucketCount(row));
            for (int bucket = 0; bucket < _rows.BucketCount(row); bucket++)
            {
                totals.Add(_rows.Total(row, bucket));
                spreads.Add(_rows.Spread(row, bucket));
            }
        }

        return new AdwinState(_options, _ticks, Width, _total, _spread, _isSpent, counts, totals, spreads);
    }

    /// <summary>Continues a window where <see cref="Save"/> left it.</summary>
    internal static Adwin Restore(AdwinState state)
    {
        Adwin adwin = new(state.Options)
        {
            _ticks = state.Ticks,
            Width = state.Width,
            _total = state.Total,
            _spread = state.Spread,
            _isSpent = state.IsSpent,
        };
        int at = 0;
        for (int row = 0; row < state.Counts.Count; row++)
        {
            for (int bucket = 0; bucket < state.Counts[row]; bucket++, at++)
            {
                adwin._rows.Append(row, state.Totals[at], state.Spreads[at]);
            }
        }

        return adwin;
    }

    private void Reset()
    {
        _rows.Clear();
        (_ticks, Width, _total, _spread, _isSpent) = (0, 0, 0, 0, false);
    }

    private void Insert(double value)
    {
        _rows.Append(0, value, 0);
        Width++;
        if (Width > 1)
        {
            double fromMean = value - (_total / (Width - 1));
            _spread += (Width - 1) * fromMean * fromMean / Width;
        }

        _total += value;
        _rows.Compress();
    }

    private void DropOldest()
    {
        int row = _rows.Count - 1;
        double count = BucketRows.Size(row);
        double total = _rows.Total(row, 0);
        double spread = _rows.Spread(row, 0);
        Width -= (long)count;
        _total -= total;
        double apart = (total / count) - (_total / Width);
        _spread -= spread + (count * Width * apart * apart / (count + Width));
        _rows.RemoveOldest(row, 1);
    }

    /// <summary>Finds a boundary between buckets that splits the window into parts whose means differ by more than
    /// chance allows: the first from the old end, or the one that exceeds the bound most.</summary>
    private AdwinCut? FindCut(bool wantsClearest)
    {
        AdwinCut? clearest = null;
        double excess = 1;
        double oldCount = 0;
        double oldTotal = 0;
        for (int row = _rows.Count - 1; row >= 0; row--)
        {
            for (int bucket = 0; bucket < _rows.BucketCount(row); bucket++)
            {
                oldCount += BucketRows.Size(row);
                oldTotal += _rows.Total(row, bucket);
                double newCount = Width - oldCount;
                if (newCount < _options.MinWindowLength)
                {
                    return clearest;
                }

                if (oldCount < _options.MinWindowLength)
                {
                    continue;
                }

                double oldMean = oldTotal / oldCount;
                double newMean = (_total - oldTotal) / newCount;
                double ratio = Math.Abs(oldMean - newMean) / Bound(oldCount, newCount);
                if (ratio > excess)
                {
                    excess = ratio;
                    clearest = new AdwinCut((long)oldCount, oldMean, (long)newCount, newMean, Variance);
                    if (!wantsClearest)
                    {
                        return clearest;
                    }
                }
            }
        }

        return clearest;
    }

    /// <summary>ε = √(2·m·σ²·ln(2·ln W/δ)) + ⅔·m·ln(2·ln W/δ), m = 1/(n₀ − L + 1) + 1/(n₁ − L + 1), where W is the
    /// width, σ² the variance of the window and L the fewest values on either side.</summary>
    private double Bound(double oldCount, double newCount)
    {
        double odds = Math.Log(2 * Math.Log(Width) / _options.Delta);
        double m = (1 / (oldCount - _options.MinWindowLength + 1)) + (1 / (newCount - _options.MinWindowLength + 1));
        return Math.Sqrt(2 * m * Variance * odds) + (2.0 / 3 * m * odds);
    }
}
