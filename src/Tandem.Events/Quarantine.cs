using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Tandem.Storage;

namespace Tandem.Events;

/// <summary>Keeps refused rows with the reason, so that nothing disappears without a trace.</summary>
/// <remarks>One object an append, whole or absent. Where rows are removed, a smaller object of the same name takes its
/// place, and a receipt says which they were. <c>docs/formats/event.md</c> gives the bytes. Thread safe.</remarks>
public sealed partial class Quarantine
{
    /// <summary>Longest text kept of a row, in bytes of UTF-8: nearly every event is kept whole.</summary>
    public const int MaxTextBytes = 16 * 1024;

    private const string Extension = ".jsonl";

    private readonly IObjectStore _store;
    private readonly TimeProvider _clock;
    private readonly Lock _nameGate = new();
    private long _lastMicros;

    /// <summary>Keeps rows in a store.</summary>
    /// <param name="store">The store, already under the quarantine's prefix.</param>
    /// <param name="clock">Stamps rows; null for the system's.</param>
    public Quarantine(IObjectStore store, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Keeps rows; they are durable when this completes.</summary>
    /// <param name="rows">Rows; none does nothing.</param>
    /// <param name="name">Name of this append in the store, or null to name it by time. A name that was used changes
    /// nothing: a file imported twice leaves its rows here once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO001: the name is not allowed; STO003: the store
    /// failed.</exception>
    public async ValueTask AppendAsync(
        IReadOnlyList<QuarantinedRow> rows, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            return;
        }

        DateTimeOffset now = EventTime.ToMicros(_clock.GetUtcNow());
        ReadOnlyMemory<byte> content = QuarantineJson.Write(rows.Select((row, index) => Prepare(row, index + 1, now)));
        if (name is not null)
        {
            await _store.TryPutAsync(Key(name, rows.Count), content, cancellationToken).ConfigureAwait(false);
            return;
        }

        string key;
        do
        {
            key = Key(NextMicros(now).ToString("D20", CultureInfo.InvariantCulture), rows.Count);
        }
        while (!await _store.TryPutAsync(key, content, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Counts the rows kept, from the objects' names alone.</summary>
    /// <param name="cancellationToken">Stops counting.</param>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
    {
        long count = 0;
        await foreach ((string _, string _, long rows) in ObjectsAsync(cancellationToken).ConfigureAwait(false))
        {
            count += rows;
        }

        return count;
    }

    /// <summary>Lists the rows kept: those named by time first, oldest first, then the others by name.</summary>
    /// <param name="source">Only rows meant for this source; null for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="Tandem.Faults.TandemException">EVT010: an object is not readable.</exception>
    public async IAsyncEnumerable<QuarantinedRow> ListAsync(
        string? source = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // All names first: whoever reads may remove what was read.
        foreach ((string name, string key, long _) in
            await ObjectsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (QuarantinedRow row in await ReadAsync(name, key, cancellationToken).ConfigureAwait(false))
            {
                if (source is null || string.Equals(row.Source, source, StringComparison.Ordinal))
                {
                    yield return row;
                }
            }
        }
    }

    /// <summary>Removes rows, and keeps a receipt of their ids.</summary>
    /// <param name="ids">Ids of the rows; ids that are not there are passed over.</param>
    /// <param name="why">Why, for the receipt: one word of lower-case letters.</param>
    /// <param name="cancellationToken">Stops between two objects; what was removed stays removed.</param>
    /// <returns>How many were removed, and the receipt's name; no name where none was.</returns>
    /// <exception cref="Tandem.Faults.TandemException">EVT010: an object is not readable; STO003: the store
    /// failed.</exception>
    public async ValueTask<(long Count, string? Receipt)> RemoveAsync(
        IReadOnlySet<string> ids, string why, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<(string Name, List<QuarantinedRow> Kept, List<int> Removed)> changes = [];
        HashSet<string> names = [.. ids.Select(AppendOf)];
        await foreach ((string name, string key, long _) in ObjectsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (names.Contains(name))
            {
                List<QuarantinedRow> rows = await ReadAsync(name, key, cancellationToken).ConfigureAwait(false);
                List<int> removed = [.. rows.Where(row => ids.Contains(row.Id)).Select(static row => row.Row!.Value)];
                if (removed.Count > 0)
                {
                    changes.Add((name, [.. rows.Where(row => !ids.Contains(row.Id))], removed));
                }
            }
        }

        long count = changes.Sum(static change => (long)change.Removed.Count);
        if (count == 0)
        {
            return (0, null);
        }

        DateTimeOffset now = EventTime.ToMicros(_clock.GetUtcNow());
        string receipt = await PutReceiptAsync(
            new QuarantineReceipt(
                why, now, [.. changes.Select(static change => new RemovedRows(change.Name, change.Removed))]),
            cancellationToken).ConfigureAwait(false);
        foreach ((string name, List<QuarantinedRow> kept, List<int> _) in changes)
        {
            if (kept.Count > 0)
            {
                await _store.PutAsync(Key(name, kept.Count), QuarantineJson.Write(kept), cancellationToken)
                    .ConfigureAwait(false);
            }

            await DeleteAllButAsync(name, kept.Count, cancellationToken).ConfigureAwait(false);
        }

        return (count, receipt);
    }

    // The largest first: what is left by a crash is the latest.
    private async ValueTask DeleteAllButAsync(string name, int count, CancellationToken cancellationToken)
    {
        List<string> keys = await _store.ListAsync(name + "-", cancellationToken)
            .Select(static entry => entry.Key)
            .Where(key => CountIn(key) is var rows && rows != 0 && rows != count && NameOf(key) == name)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (string key in keys.OrderByDescending(static key => CountIn(key)))
        {
            await _store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<string> PutReceiptAsync(QuarantineReceipt receipt, CancellationToken cancellationToken)
    {
        long micros = (receipt.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        ReadOnlyMemory<byte> content = QuarantineJson.Write(receipt);
        string key;
        do
        {
            key = string.Create(CultureInfo.InvariantCulture, $"receipts/{micros++:D20}-{receipt.Why}.json");
        }
        while (!await _store.TryPutAsync(key, content, cancellationToken).ConfigureAwait(false));
        return key;
    }

    // A crash in the middle of a removal leaves two objects of one name: the smaller is the later.
    private async IAsyncEnumerable<(string Name, string Key, long Count)> ObjectsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string Name, string Key, long Count) last = ("", "", 0);
        await foreach (ObjectEntry entry in _store.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            long count = CountIn(entry.Key);
            if (count == 0)
            {
                continue;
            }

            string name = NameOf(entry.Key);
            bool isSame = name == last.Name;
            if (!isSame && last.Count > 0)
            {
                yield return last;
            }

            last = isSame && last.Count < count ? last : (name, entry.Key, count);
        }

        if (last.Count > 0)
        {
            yield return last;
        }
    }

    private async ValueTask<List<QuarantinedRow>> ReadAsync(
        string name, string key, CancellationToken cancellationToken)
    {
        byte[] content = await _store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        List<QuarantinedRow> rows = QuarantineJson.Read(key, content);
        for (int i = 0; i < rows.Count; i++)
        {
            int number = rows[i].Row ?? i + 1;
            rows[i] = rows[i] with
            {
                Row = number,
                Id = string.Create(CultureInfo.InvariantCulture, $"{name}:{number}"),
            };
        }

        return rows;
    }

    // Two appends of one microsecond take neighbouring names, whatever they hold.
    private long NextMicros(DateTimeOffset now)
    {
        long micros = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        lock (_nameGate)
        {
            return _lastMicros = Math.Max(micros, _lastMicros + 1);
        }
    }

    private static string NameOf(string key) => key[..key.LastIndexOf('-')];

    private static string Key(string name, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{count}{Extension}");

    // The number between the last '-' and the extension; 0 for objects that are not ours.
    private static long CountIn(ReadOnlySpan<char> key)
    {
        if (!key.EndsWith(Extension, StringComparison.Ordinal))
        {
            return 0;
        }

        ReadOnlySpan<char> name = key[..^Extension.Length];
        ReadOnlySpan<char> digits = name[(name.LastIndexOf('-') + 1)..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : 0;
    }

    private static QuarantinedRow Prepare(QuarantinedRow row, int number, DateTimeOffset now)
    {
        string text = Cut(row.Text);
        bool isCut = text.Length < row.Text.Length;
        return row with
        {
            Row = number,
            Text = text,
            Fields = isCut ? null : row.Fields,
            IsPartial = row.IsPartial == true || isCut ? true : null,
            Time = row.Time == default ? now : row.Time,
        };
    }

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MaxTextBytes)
        {
            return text;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = MaxTextBytes;
        while (length > 0 && (bytes[length] & 0xC0) == 0x80)
        {
            length--; // Never in the middle of a character.
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
