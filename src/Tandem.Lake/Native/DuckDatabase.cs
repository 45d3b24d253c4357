using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>One database in memory, shared by any number of connections.</summary>
internal sealed unsafe class DuckDatabase : IDisposable
{
    private readonly DuckDatabaseHandle _handle;

    private DuckDatabase(DuckDatabaseHandle handle) => _handle = handle;

    /// <summary>Opens a database in memory.</summary>
    /// <param name="settings">DuckDB's settings by name.</param>
    /// <exception cref="Faults.TandemException">LAK001, LAK002.</exception>
    public static DuckDatabase Open(IEnumerable<KeyValuePair<string, string>> settings)
    {
        nint config = 0;
        nint database = 0;
        byte* error = null;
        if (NativeMethods.duckdb_create_config(&config) != 0)
        {
            throw LakeErrors.Engine("no configuration could be made");
        }

        try
        {
            foreach ((string name, string value) in settings)
            {
                if (NativeMethods.duckdb_set_config(config, name, value) != 0)
                {
                    throw LakeErrors.Engine($"setting {name} does not take '{value}'");
                }
            }

            if (NativeMethods.duckdb_open_ext(":memory:", &database, config, &error) != 0)
            {
                string message = Marshal.PtrToStringUTF8((nint)error) ?? "the database did not open";
                NativeMethods.duckdb_free(error);
                throw LakeErrors.Engine(message);
            }
        }
        finally
        {
            NativeMethods.duckdb_destroy_config(&config);
        }

        return new DuckDatabase(new DuckDatabaseHandle(database));
    }

    /// <summary>Opens a connection: cheap, for one thread and one open stream at a time.</summary>
    public DuckConnection Connect()
    {
        nint connection = 0;
        return NativeMethods.duckdb_connect(_handle, &connection) == 0
            ? new DuckConnection(new DuckConnectionHandle(connection))
            : throw LakeErrors.Engine("no connection could be made");
    }

    /// <summary>Closes the database once its connections are closed.</summary>
    public void Dispose() => _handle.Dispose();
}
