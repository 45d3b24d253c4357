namespace Tandem.Lake.Native;

/// <summary>Types of DuckDB columns that the lake meets; the values are those of <c>duckdb.h</c>.</summary>
internal enum DuckType
{
    /// <summary>No type.</summary>
    Invalid = 0,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 1,

    /// <summary>32 bits, signed.</summary>
    Integer = 4,

    /// <summary>64 bits, signed.</summary>
    BigInt = 5,

    /// <summary>32-bit number.</summary>
    Float = 10,

    /// <summary>64-bit number.</summary>
    Double = 11,

    /// <summary>Microseconds since 1970.</summary>
    Timestamp = 12,

    /// <summary>UTF-8 text, 16 bytes inline or pointing outwards.</summary>
    Varchar = 17,

    /// <summary>List of any length.</summary>
    List = 24,

    /// <summary>List of one fixed length.</summary>
    Array = 33,
}
