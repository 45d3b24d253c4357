namespace Tandem.Server.Routes;

/// <summary>An id that is part of an address.</summary>
internal static class RoutedId
{
    /// <summary>Routing decodes everything but slashes.</summary>
    public static string Unescape(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
