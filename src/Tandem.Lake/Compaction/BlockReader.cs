using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Tandem.Events;

namespace Tandem.Lake.Compaction;

/// <summary>Reads closed segments into blocks of whole lines, for one thread.</summary>
internal sealed class BlockReader(IReadOnlyList<JournalSegment> segments, JournalPosition from)
{
    private const int BlockBytes = 4 << 20;

    // As many as a batch can number.
    private const int MaximumBlocks = 16_000;

    /// <summary>Reads blocks until they hold as many bytes as are asked for, or the segments end.</summary>
    /// <param name="bytes">Bytes from which no further block is read.</param>
    /// <returns>The blocks, as they are read.</returns>
    /// <exception cref="Faults.TandemException">LAK004: a segment does not end where the journal says.</exception>
    public IEnumerable<EventBlock> Read(long bytes)
    {
        long read = 0;
        int count = 0;
        foreach (JournalSegment segment in segments.Where(segment => segment.End.Offset > from.Offset))
        {
            foreach (EventBlock block in Read(segment))
            {
                yield return block;
                read += block.Lines.Length;
                if (read >= bytes || ++count == MaximumBlocks)
                {
                    yield break;
                }
            }
        }
    }

    private static int HeaderBytes(JournalSegment segment, SafeFileHandle file)
    {
        // It names the format; the journal has checked it. The first event follows it.
        byte[] head = new byte[4096];
        int read = RandomAccess.Read(file, head, 0);
        int end = head.AsSpan(0, read).IndexOf((byte)'\n');
        return end >= 0 ? end + 1 : throw LakeErrors.DamagedSegment(segment.Path, segment.Start, "it has no header");
    }

    private IEnumerable<EventBlock> Read(JournalSegment segment)
    {
        using SafeFileHandle file = File.OpenHandle(
            segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
            FileOptions.SequentialScan);
        long position = Math.Max(from.Offset, segment.Start.Offset);
        long offset = HeaderBytes(segment, file) + (position - segment.Start.Offset);
        byte[] rest = [];
        bool isEnded = false;
        while (!isEnded && position <= segment.End.Offset)
        {
            // One byte more than there should be, to meet the end.
            long length = Math.Min(BlockBytes, segment.End.Offset - position + 1);
            byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Max((int)length, rest.Length + 1));
            rest.CopyTo(bytes, 0);
            int end = rest.Length;
            while (end < bytes.Length && !isEnded)
            {
                int read = RandomAccess.Read(file, bytes.AsSpan(end), offset);
                isEnded = read == 0;
                offset += read;
                end += read;
            }

            int lines = bytes.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
            rest = bytes[lines..end];
            if (lines > 0)
            {
                yield return new EventBlock(segment, position, bytes, lines);
                position += lines;
            }
            else if (!isEnded)
            {
                break;
            }
        }

        if (rest.Length > 0)
        {
            throw LakeErrors.DamagedSegment(segment.Path, new JournalPosition(position), "its last line has no end");
        }

        if (position != segment.End.Offset)
        {
            throw LakeErrors.DamagedSegment(
                segment.Path, new JournalPosition(position), $"it should reach to {segment.End}");
        }
    }
}
