using Npgsql;

namespace Tandem.Backends.Postgres;

/// <summary>Where a PostgreSQL database is: <c>postgres://user@host:port/database</c>.</summary>
public sealed class PostgresAddress
{
    private const string ModeKey = "?sslmode=";

    private static readonly Dictionary<string, SslMode> Modes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private PostgresAddress(Uri uri, SslMode mode, string? password)
    {
        string[] named = uri.UserInfo.Split(':', 2);
        Host = uri.IdnHost;
        Port = uri.Port > 0 ? uri.Port : 5432;
        User = Uri.UnescapeDataString(named[0]);
        Password = password ?? (named.Length == 1 ? null : Uri.UnescapeDataString(named[1]));
        Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        Mode = mode;
    }

    /// <summary>The host.</summary>
    public string Host { get; }

    /// <summary>The port; unless given 5432.</summary>
    public int Port { get; }

    /// <summary>The database.</summary>
    public string Database { get; }

    /// <summary>Who logs in.</summary>
    internal string User { get; }

    /// <summary>Their password, or null where the server asks for none.</summary>
    internal string? Password { get; }

    /// <summary>Whether the connection is encrypted, and the server's certificate checked.</summary>
    internal SslMode Mode { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address: <c>postgres://</c> or <c>postgresql://</c>; the port may be left out.</param>
    /// <param name="password">The password; null takes what the address says.</param>
    /// <exception cref="Faults.TandemException">BCK030: it is none. It may carry a password, so it is not
    /// repeated.</exception>
    public static PostgresAddress Parse(string text, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && uri is { Scheme: "postgres" or "postgresql", Fragment: "", Host.Length: > 0 }
            && uri.UserInfo.Length > 0 && uri.UserInfo[0] != ':'
            && uri.AbsolutePath.Length > 1 && !uri.AbsolutePath[1..].Contains('/', StringComparison.Ordinal)
            && ModeOf(uri.Query) is { } mode
            ? new PostgresAddress(uri, mode, password)
            : throw BackendErrors.BadPostgresAddress();
    }

    /// <summary>The address without user and password.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"postgres://{Host}:{Port}/{Uri.EscapeDataString(Database)}");

    private static SslMode? ModeOf(string query) => query.Length == 0 ? SslMode.Prefer
        : query.StartsWith(ModeKey, StringComparison.Ordinal) && Modes.TryGetValue(query[ModeKey.Length..], out SslMode mode)
            ? mode
            : null;
}
