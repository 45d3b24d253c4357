using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>A connection. A second stream on it ends the first, so each stream has its own.</summary>
internal sealed unsafe class DuckConnection : IDisposable
{
    private static readonly TimeSpan InterruptEvery = TimeSpan.FromMilliseconds(10);

    private readonly DuckConnectionHandle _handle;
    private readonly Lock _interrupting = new();
    private Timer? _again;

    public DuckConnection(DuckConnectionHandle handle) => _handle = handle;

    public DuckConnectionHandle Handle => _handle;

    /// <summary>Runs a statement for its effect.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="Faults.TandemException">LAK002: DuckDB refused it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Execute(string sql, CancellationToken cancellationToken)
    {
        using DuckStatement statement = Prepare(sql);
        using DuckReader reader = statement.Execute(cancellationToken);
    }

    /// <summary>Runs a query and reads one whole number; 0 where it is null.</summary>
    public long Whole(string sql, CancellationToken cancellationToken)
    {
        using DuckStatement statement = Prepare(sql);
        using DuckReader reader = statement.Execute(cancellationToken);
        return reader.Read() && !reader.IsNull(0, 0) ? reader.Column<long>(0)[0] : 0;
    }

    /// <summary>Prepares a statement.</summary>
    public DuckStatement Prepare(string sql)
    {
        nint statement = 0;
        if (NativeMethods.duckdb_prepare(_handle, sql, &statement) == 0)
        {
            return new DuckStatement(this, new DuckStatementHandle(statement));
        }

        string message = Marshal.PtrToStringUTF8((nint)NativeMethods.duckdb_prepare_error(statement)) ?? "not prepared";
        NativeMethods.duckdb_destroy_prepare(&statement);
        throw LakeErrors.Engine(message);
    }

    /// <summary>Counts the statements of a text, by DuckDB's own parser.</summary>
    /// <param name="sql">Any text; what is only spaces and comments counts 0.</param>
    /// <exception cref="Faults.TandemException">LAK002: it does not parse.</exception>
    public int CountStatements(string sql)
    {
        nint statements = 0;
        try
        {
            ulong count = NativeMethods.duckdb_extract_statements(_handle, sql, &statements);
            byte* error = count == 0 ? NativeMethods.duckdb_extract_statements_error(statements) : null;
            return error is null
                ? (int)count
                : throw LakeErrors.Engine(Marshal.PtrToStringUTF8((nint)error) ?? "it does not parse");
        }
        finally
        {
            NativeMethods.duckdb_destroy_extracted(&statements);
        }
    }

    /// <summary>Interrupts what runs on this connection from the token's cancellation until the result is disposed of,
    /// again and again: DuckDB forgets an interruption that comes just before a query begins.</summary>
    public Interruption InterruptOn(CancellationToken cancellationToken) => new(this, cancellationToken);

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        EndInterrupting();
        _handle.Dispose();
    }

    private void BeginInterrupting()
    {
        lock (_interrupting)
        {
            NativeMethods.duckdb_interrupt(_handle);
            _again = new Timer(static state => ((DuckConnection)state!).InterruptAgain(), this, InterruptEvery, InterruptEvery);
        }
    }

    private void InterruptAgain()
    {
        lock (_interrupting)
        {
            // A tick may come after the call that it was meant for.
            if (_again is not null)
            {
                NativeMethods.duckdb_interrupt(_handle);
            }
        }
    }

    private void EndInterrupting()
    {
        lock (_interrupting)
        {
            _again?.Dispose();
            _again = null;
        }
    }

    /// <summary>One call that a token interrupts.</summary>
    internal readonly ref struct Interruption
    {
        private readonly DuckConnection _connection;
        private readonly CancellationTokenRegistration _registration;

        public Interruption(DuckConnection connection, CancellationToken cancellationToken)
        {
            _connection = connection;
            _registration = cancellationToken.UnsafeRegister(
                static state => ((DuckConnection)state!).BeginInterrupting(), connection);
        }

        /// <summary>Ends it; nothing is interrupted from here on.</summary>
        public void Dispose()
        {
            // Waits for a cancellation that is at work, so that it cannot begin anew behind this.
            _registration.Dispose();
            _connection.EndInterrupting();
        }
    }
}
