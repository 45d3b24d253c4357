using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>DuckDB's <c>duckdb_result</c>: 48 bytes that only DuckDB reads; one call takes them by value.</summary>
[StructLayout(LayoutKind.Sequential, Size = 48)]
internal struct DuckResult
{
    /// <summary>Deprecated counters and pointers; keeps the alignment at 8.</summary>
    public nint Opaque;
}
