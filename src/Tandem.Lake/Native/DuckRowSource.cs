namespace Tandem.Lake.Native;

/// <summary>Rows made here for the engine, a chunk at a time; read once, by one thread.</summary>
/// <param name="columns">The columns.</param>
/// <param name="chunk">Takes a chunk of rows.</param>
/// <param name="fill">Fills the chunk from its first row and says how many rows it has; 0 is the end.</param>
internal sealed class DuckRowSource(IReadOnlyList<LakeColumn> columns, DuckColumns chunk, Func<int> fill)
{
    /// <summary>The columns.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; } = columns;

    /// <summary>What ended the reading midway, or null. The engine's own error then says less.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Fills a chunk of the engine's. What goes wrong is kept: no exception may pass through the
    /// engine.</summary>
    /// <returns>Rows, or -1 where it failed.</returns>
    public int Fill(nint empty)
    {
        try
        {
            chunk.Attach(empty);
            int rows = fill();
            if (rows == 0)
            {
                chunk.Release();
            }

            return rows;
        }
#pragma warning disable CA1031 // Below this lies the engine, which no exception may pass; the reader throws it again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = failure;
            return -1;
        }
    }
}
