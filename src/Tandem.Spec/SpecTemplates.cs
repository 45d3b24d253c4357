using System.Text;
using Tandem.Faults;
using Tandem.Spec.Grammar;
using Tandem.Spec.Yaml;

namespace Tandem.Spec;

/// <summary>Designs to start from.</summary>
public static class SpecTemplates
{
    private const string Placeholder = "NAME";

    /// <summary>The templates: <c>video</c> (a short-video home feed), <c>ads</c> (click prediction) and <c>blank</c>
    /// (the smallest useful file).</summary>
    public static IReadOnlyList<string> Names { get; } = ["video", "ads", "blank"];

    /// <summary>Writes a template.</summary>
    /// <param name="name">Name of the new system: lower-case letters, digits and hyphens, 1 to 63.</param>
    /// <param name="template">One of <see cref="Names"/>.</param>
    /// <returns>The commented text of a tandem.yaml without faults; lines end in LF.</returns>
    /// <exception cref="TandemException">SPC041: there is no such template. SPC016: the name cannot name a
    /// system.</exception>
    public static string Write(string name, string template)
    {
        if (!Names.Contains(template, StringComparer.Ordinal))
        {
            throw new TandemException(SpecErrors.UnknownTemplate(template, Names));
        }

        if (!Texts.IsSystemName(name))
        {
            throw new TandemException(SpecErrors.BadName(ScalarNode.Quote(name)));
        }

        using Stream stream = typeof(SpecTemplates).Assembly.GetManifestResourceStream(template)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace(Placeholder, FlowText.Write(name), StringComparison.Ordinal);
    }
}
