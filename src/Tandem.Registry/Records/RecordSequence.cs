using Tandem.Storage;

namespace Tandem.Registry.Records;

/// <summary>Numbered files under one folder, 1, 2, 3… without gaps, only ever added by put-if-absent.</summary>
/// <remarks>As there are no gaps, the last number is found by doubling and halving: O(log n) look-ups, so that ten
/// thousand versions cost no more than thirty questions to the store.</remarks>
internal sealed class RecordSequence
{
    private readonly IObjectStore _store;
    private readonly string _folder;

    public RecordSequence(IObjectStore store, string folder)
    {
        _store = store;
        _folder = folder;
    }

    public string Key(int number) => $"{_folder}/{number:D20}.json";

    public async Task<bool> HasAsync(int number, CancellationToken cancellationToken)
    {
        return await _store.FindAsync(Key(number), cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>The last number, or 0 where there is none.</summary>
    public async Task<int> LastAsync(CancellationToken cancellationToken)
    {
        int present = 0;
        int absent = 1;
        while (await HasAsync(absent, cancellationToken).ConfigureAwait(false))
        {
            present = absent;
            absent *= 2;
        }

        // Invariant: present exists (or is 0), absent did not when it was asked for.
        while (absent - present > 1)
        {
            int middle = present + ((absent - present) / 2);
            if (await HasAsync(middle, cancellationToken).ConfigureAwait(false))
            {
                present = middle;
            }
            else
            {
                absent = middle;
            }
        }

        return present;
    }

    /// <summary>Writes a record; false where the number is taken. The number before it must exist.</summary>
    public ValueTask<bool> TryAppendAsync(int number, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        return _store.TryPutAsync(Key(number), file, cancellationToken);
    }

    /// <summary>All bytes of a record, or null where there is none.</summary>
    public async Task<byte[]?> ReadAsync(int number, CancellationToken cancellationToken)
    {
        if (!await HasAsync(number, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return await _store.GetAsync(Key(number), cancellationToken).ConfigureAwait(false);
    }
}
