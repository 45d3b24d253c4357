using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>Fills a table column by column, one chunk at a time.</summary>
internal sealed unsafe class DuckAppender : IDisposable
{
    private readonly DuckAppenderHandle _handle;
    private readonly DuckChunkHandle _chunk;

    public DuckAppender(DuckConnection connection, string table)
    {
        nint appender = 0;
        if (NativeMethods.duckdb_appender_create(connection.Handle, null, table, &appender) != 0)
        {
            using var refused = new DuckAppenderHandle(appender);
            throw LakeErrors.Engine(Message(appender));
        }

        _handle = new DuckAppenderHandle(appender);
        int count = (int)NativeMethods.duckdb_appender_column_count(_handle);
        nint* types = stackalloc nint[count];
        for (int i = 0; i < count; i++)
        {
            types[i] = NativeMethods.duckdb_appender_column_type(_handle, (ulong)i);
        }

        _chunk = new DuckChunkHandle(NativeMethods.duckdb_create_data_chunk(types, (ulong)count));
        for (int i = 0; i < count; i++)
        {
            NativeMethods.duckdb_destroy_logical_type(&types[i]);
        }

        Columns = new DuckColumns(count);
        Columns.Attach(_chunk.Chunk);
    }

    /// <summary>The columns of the chunk that is sent next.</summary>
    public DuckColumns Columns { get; }

    /// <summary>Appends the first rows of the chunk and empties it.</summary>
    public void Send(int rows)
    {
        NativeMethods.duckdb_data_chunk_set_size(_chunk.Chunk, (ulong)rows);
        Check(NativeMethods.duckdb_append_data_chunk(_handle, _chunk.Chunk));
        NativeMethods.duckdb_data_chunk_reset(_chunk.Chunk);
        Columns.Attach(_chunk.Chunk);
    }

    /// <summary>Makes all that was sent visible in the table.</summary>
    public void Flush() => Check(NativeMethods.duckdb_appender_flush(_handle));

    public void Dispose()
    {
        _chunk.Dispose();
        _handle.Dispose();
    }

    private static string Message(nint appender) =>
        Marshal.PtrToStringUTF8((nint)NativeMethods.duckdb_appender_error(appender)) ?? "the appender failed";

    private void Check(int state)
    {
        if (state != 0)
        {
            throw LakeErrors.Engine(Message(_handle.DangerousGetHandle()));
        }
    }
}
