using System.Numerics;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Drops events of a batch that are there already: earlier in the batch, or in the lake before it. Of one id
/// the earliest position stays.</summary>
internal sealed class Duplicates
{
    // Events by id, open addressing at most half full: number + 1, or 0. The upper bits of a fingerprint choose the share, so
    // that threads fill them side by side; the lower bits choose the slot.
    private readonly EventBatch _batch;
    private readonly int[][] _shares;
    private readonly int _shareShift;

    /// <summary>Drops what stands twice within a batch.</summary>
    public Duplicates(EventBatch batch, int threads)
    {
        _batch = batch;
        int shares = (int)BitOperations.RoundUpToPowerOf2((uint)threads);
        _shareShift = 64 - BitOperations.Log2((uint)shares);
        _shares = new int[shares][];
        int[] counts = new int[shares];
        for (int block = 0; block < batch.BlockCount; block++)
        {
            foreach (ref readonly EventRow row in batch.Rows(block))
            {
                counts[Share(row.IdPrint)]++;
            }
        }

        Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = threads }, share =>
        {
            _shares[share] = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(counts[share], 4) * 2)];
            Fill(share);
        });
    }

    /// <summary>Drops what the lake holds.</summary>
    /// <param name="connection">Reads the files.</param>
    /// <param name="paths">The lake's files that may hold an id of the batch; see <see cref="Overlapping"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void DropKnown(DuckConnection connection, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
        {
            return;
        }

        using DuckStatement statement = connection.Prepare(
            $"select event_id from read_parquet({Sql.Paths(paths)}, hive_partitioning=false)");
        using DuckReader reader = statement.Stream(cancellationToken);
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                ReadOnlySpan<byte> id = reader.Utf8(0, row);
                ulong print = Fingerprint.Of(id);
                int[] slots = _shares[Share(print)];
                int found = slots[Find(slots, print, id)];
                if (found > 0)
                {
                    _batch.Row(found - 1).Table = EventRow.Dropped;
                }
            }
        }
    }

    /// <summary>The parts of the lake that may hold an id of the batch, by their smallest and largest id.</summary>
    public static IEnumerable<LakePart> Overlapping(EventBatch batch, LakeManifest manifest) =>
        manifest.Tables.SelectMany(static table => table.Parts).Where(part =>
            !batch.Ids.IsEmpty
            && System.Text.Encoding.UTF8.GetBytes(part.FirstId).AsSpan().SequenceCompareTo(batch.Ids.Last) <= 0
            && System.Text.Encoding.UTF8.GetBytes(part.LastId).AsSpan().SequenceCompareTo(batch.Ids.First) >= 0);

    // A shift by 64 is one by 0.
    private int Share(ulong print) => _shares.Length == 1 ? 0 : (int)(print >> _shareShift);

    private void Fill(int share)
    {
        int[] slots = _shares[share];
        for (int block = 0; block < _batch.BlockCount; block++)
        {
            Span<EventRow> rows = _batch.Rows(block);
            for (int i = 0; i < rows.Length; i++)
            {
                ref EventRow row = ref rows[i];
                if (Share(row.IdPrint) != share)
                {
                    continue;
                }

                int number = EventBatch.Number(block, i);
                int slot = Find(slots, row.IdPrint, _batch.Id(number));
                if (slots[slot] == 0)
                {
                    slots[slot] = number + 1;
                }
                else
                {
                    row.Table = EventRow.Dropped;
                }
            }
        }
    }

    /// <summary>The slot of an id, or the empty one that it would take.</summary>
    private int Find(int[] slots, ulong print, ReadOnlySpan<byte> id)
    {
        int slot = (int)(print & (ulong)(slots.Length - 1));
        while (slots[slot] is > 0 and int other)
        {
            if (_batch.Row(other - 1).IdPrint == print && _batch.Id(other - 1).SequenceEqual(id))
            {
                break;
            }

            slot = (slot + 1) & (slots.Length - 1);
        }

        return slot;
    }
}
