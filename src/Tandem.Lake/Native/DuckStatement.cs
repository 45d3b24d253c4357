using System.Runtime.InteropServices;
using System.Text;

namespace Tandem.Lake.Native;

/// <summary>A prepared statement; parameters count from 1.</summary>
internal sealed unsafe class DuckStatement : IDisposable
{
    private const int SelectType = 1;

    private readonly DuckConnection _connection;
    private readonly DuckStatementHandle _handle;

    public DuckStatement(DuckConnection connection, DuckStatementHandle handle)
    {
        _connection = connection;
        _handle = handle;
    }

    /// <summary>True for a statement that reads rows and changes nothing.</summary>
    public bool IsSelect => NativeMethods.duckdb_prepared_statement_type(_handle) == SelectType;

    /// <summary>Binds a value: text, whole number, number, flag, or moment.</summary>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    public void Bind(int index, object? value)
    {
        ulong at = (ulong)index;
        int state = value switch
        {
            null => NativeMethods.duckdb_bind_null(_handle, at),
            string text => BindText(at, text),
            long whole => NativeMethods.duckdb_bind_int64(_handle, at, whole),
            int whole => NativeMethods.duckdb_bind_int64(_handle, at, whole),
            double number => NativeMethods.duckdb_bind_double(_handle, at, number),
            float number => NativeMethods.duckdb_bind_double(_handle, at, number),
            bool flag => NativeMethods.duckdb_bind_boolean(_handle, at, flag ? (byte)1 : (byte)0),
            DateTimeOffset time => NativeMethods.duckdb_bind_timestamp(_handle, at, LakeTime.ToMicros(time)),
            _ => throw new ArgumentException($"A value of type {value.GetType().Name} cannot be bound.", nameof(value)),
        };
        if (state != 0)
        {
            throw LakeErrors.Engine($"parameter {index} could not be bound");
        }
    }

    /// <summary>Runs to the end and keeps the whole result.</summary>
    public DuckReader Execute(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = new DuckResultHandle();
        try
        {
            using DuckConnection.Interruption interruption = _connection.InterruptOn(cancellationToken);
            if (NativeMethods.duckdb_execute_prepared(_handle, result.Result) != 0)
            {
                throw Failure(NativeMethods.duckdb_result_error(result.Result), cancellationToken);
            }

            return new DuckReader(_connection, result, cancellationToken);
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Begins to run; rows are made as they are read.</summary>
    public DuckReader Stream(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = new DuckResultHandle();
        nint pending = 0;
        try
        {
            using DuckConnection.Interruption interruption = _connection.InterruptOn(cancellationToken);
            if (NativeMethods.duckdb_pending_prepared_streaming(_handle, &pending) != 0)
            {
                throw Failure(NativeMethods.duckdb_pending_error(pending), cancellationToken);
            }

            if (NativeMethods.duckdb_execute_pending(pending, result.Result) != 0)
            {
                throw Failure(NativeMethods.duckdb_result_error(result.Result), cancellationToken);
            }

            return new DuckReader(_connection, result, cancellationToken);
        }
        catch
        {
            result.Dispose();
            throw;
        }
        finally
        {
            NativeMethods.duckdb_destroy_pending(&pending);
        }
    }

    /// <summary>Frees the statement.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>What a failed call means: a cancelled token, or an error of DuckDB's.</summary>
    internal static Exception Failure(byte* message, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(cancellationToken)
            : LakeErrors.Engine(Marshal.PtrToStringUTF8((nint)message) ?? "it failed without a message");

    private int BindText(ulong at, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        fixed (byte* p = utf8)
        {
            // A null pointer is refused even for an empty text; any address will do.
            byte none = 0;
            return NativeMethods.duckdb_bind_varchar_length(_handle, at, p is null ? &none : p, (ulong)utf8.Length);
        }
    }
}
