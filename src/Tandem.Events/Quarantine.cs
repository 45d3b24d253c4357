using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Tandem.Storage;

namespace Tandem.Events;

/// <summary>Keeps refused rows with the reason, so that nothing disappears without a trace.</summary>
/// <remarks>One object an append, whole or absent. <c>docs/formats/event.md</c> gives the bytes. Thread safe.</remarks>
public sealed class Quarantine
{
    /// <summary>Longest text kept of a row, in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 4096;

    private const string Extension = ".jsonl";

    private readonly IObjectStore _store;
    private readonly TimeProvider _clock;

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
        ReadOnlyMemory<byte> content = QuarantineJson.Write(rows.Select(row => Prepare(row, now)));
        if (name is not null)
        {
            await _store.TryPutAsync(Key(name, rows.Count), content, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Two appends of one microsecond take neighbouring names.
        long micros = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        string key;
        do
        {
            key = Key(micros++.ToString("D20", CultureInfo.InvariantCulture), rows.Count);
        }
        while (!await _store.TryPutAsync(key, content, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Counts the rows kept, from the objects' names alone.</summary>
    /// <param name="cancellationToken">Stops counting.</param>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
    {
        long count = 0;
        await foreach (ObjectEntry entry in _store.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            count += CountIn(entry.Key);
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
        await foreach (ObjectEntry entry in _store.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            if (CountIn(entry.Key) == 0)
            {
                continue;
            }

            byte[] content = await _store.GetAsync(entry.Key, cancellationToken).ConfigureAwait(false);
            foreach (QuarantinedRow row in QuarantineJson.Read(entry.Key, content))
            {
                if (source is null || string.Equals(row.Source, source, StringComparison.Ordinal))
                {
                    yield return row;
                }
            }
        }
    }

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

    private static QuarantinedRow Prepare(QuarantinedRow row, DateTimeOffset now) => row with
    {
        Text = Cut(row.Text),
        Time = row.Time == default ? now : row.Time,
    };

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
