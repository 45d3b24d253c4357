namespace Tandem.Backends.RabbitMq;

/// <summary>Where a RabbitMQ broker is: <c>amqp://user:password@host:port/vhost</c>.</summary>
public sealed class AmqpAddress
{
    private const string Plain = "amqp";
    private const string Tls = "amqps";

    private AmqpAddress(Uri uri, string? user, string? password)
    {
        string[] named = uri.UserInfo.Split(':', 2);
        Uri = uri;
        User = user ?? (named[0].Length == 0 ? "guest" : Uri.UnescapeDataString(named[0]));
        Password = password ?? (named.Length == 1 ? "guest" : Uri.UnescapeDataString(named[1]));
        Port = uri.Port > 0 ? uri.Port : IsTls ? 5671 : 5672;
        VirtualHost = uri.AbsolutePath.Length <= 1 ? "/" : Uri.UnescapeDataString(uri.AbsolutePath[1..]);
    }

    /// <summary>The host.</summary>
    public string Host => Uri.IdnHost;

    /// <summary>The port; unless given 5672, and 5671 for TLS.</summary>
    public int Port { get; }

    /// <summary>The virtual host; unless given <c>/</c>.</summary>
    public string VirtualHost { get; }

    /// <summary>True for <c>amqps</c>: the connection is encrypted and the broker's certificate checked.</summary>
    public bool IsTls => Uri.Scheme == Tls;

    /// <summary>Who logs in; unless given guest.</summary>
    internal string User { get; }

    /// <summary>Their password.</summary>
    internal string Password { get; }

    private Uri Uri { get; }

    /// <summary>True where a text means a broker rather than files.</summary>
    /// <param name="journal">What <c>journal</c> says.</param>
    public static bool IsAmqp(string journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return journal.StartsWith(Plain + "://", StringComparison.Ordinal)
            || journal.StartsWith(Tls + "://", StringComparison.Ordinal);
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address; user, port and virtual host may be left out.</param>
    /// <param name="user">Who logs in; null takes what the address says.</param>
    /// <param name="password">Their password; null takes what the address says.</param>
    /// <exception cref="Faults.TandemException">BCK011: it is none. It may carry a password, so it is not
    /// repeated.</exception>
    public static AmqpAddress Parse(string text, string? user = null, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsAmqp(text) && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0
            && uri is { Query: "", Fragment: "" } && !uri.AbsolutePath[1..].Contains('/', StringComparison.Ordinal)
            ? new AmqpAddress(uri, user, password)
            : throw BackendErrors.BadAmqpAddress();
    }

    /// <summary>The address without user and password.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Uri.Scheme}://{Host}:{Port}/{(VirtualHost == "/" ? "" : Uri.EscapeDataString(VirtualHost))}");
}
