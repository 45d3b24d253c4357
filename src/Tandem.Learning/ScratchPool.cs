namespace Tandem.Learning;

/// <summary>A few reusable work spaces for concurrent queries; allocates only when all are taken for the first
/// time.</summary>
internal sealed class ScratchPool<T>(Func<T> create)
    where T : class
{
    private readonly T?[] _free = new T?[2 * Environment.ProcessorCount];

    public T Rent()
    {
        for (int slot = 0; slot < _free.Length; slot++)
        {
            if (_free[slot] is not null && Interlocked.Exchange(ref _free[slot], null) is { } scratch)
            {
                return scratch;
            }
        }

        return create();
    }

    /// <summary>Gives a work space back; dropped where there is no free slot.</summary>
    public void Return(T scratch)
    {
        for (int slot = 0; slot < _free.Length; slot++)
        {
            if (_free[slot] is null && Interlocked.CompareExchange(ref _free[slot], scratch, null) is null)
            {
                return;
            }
        }
    }
}
