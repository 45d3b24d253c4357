using System.Text;
using Tandem.Spec;

namespace Tandem.Acceptance.Hostile;

/// <summary>Makes design files: noise, mutations of the templates, deep and referring YAML, odd values of real keys.</summary>
internal sealed class HostileSpecs(HostileText text)
{
    private readonly string[] _templates =
        [.. new[] { "video", "ads", "blank" }.Select(name => SpecTemplates.Write("feed", name))];

    public byte[] Next() => text.Next(8) switch
    {
        0 => text.Noise(text.Next(2000)),
        1 => Encoding.UTF8.GetBytes(text.Value()),
        2 => Encoding.UTF8.GetBytes(text.Odd() + ": " + text.Odd() + "\n" + text.Value()),
        3 => Encoding.UTF8.GetBytes(Laughs(2 + text.Next(12))),
        4 => Encoding.UTF8.GetBytes(Odd(text.Pick(_templates))),
        _ => text.Mutate(text.Pick(_templates)),
    };

    // Each line doubles what the line before it stands for.
    private static string Laughs(int depth)
    {
        StringBuilder yaml = new("a0: &a0 [x, x]\n");
        for (int n = 1; n < depth; n++)
        {
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n");
        }

        return yaml.ToString();
    }

    /// <summary>Gives one key of a good file a value of any kind.</summary>
    private string Odd(string template)
    {
        string[] lines = template.Split('\n');
        int at = text.Next(lines.Length);
        int colon = lines[at].IndexOf(':', StringComparison.Ordinal);
        lines[at] = colon < 0 ? lines[at] + text.Odd() : lines[at][..(colon + 1)] + " " + text.Value();
        return string.Join('\n', lines);
    }
}
