using System.Globalization;

namespace Tandem.Training;

/// <summary>Names of models side by side: those alike are numbered from 2.</summary>
internal static class ContenderName
{
    /// <summary>The name of one more: <c>ials</c>, <c>ials (2)</c>, <c>ials (3)</c>.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="before">Names that are taken.</param>
    public static string Next(string name, IEnumerable<string> before)
    {
        int same = before.Count(each => each == name || each.StartsWith(name + " (", StringComparison.Ordinal));
        return same == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({same + 1})");
    }
}
