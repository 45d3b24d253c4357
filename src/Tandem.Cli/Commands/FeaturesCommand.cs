namespace Tandem.Cli.Commands;

/// <summary><c>tandem features</c>: looks at feature values as training and serving have them.</summary>
internal static class FeaturesCommand
{
    public static Verb Build(Terminal terminal) => new(
        "features", "Look at feature values: do serving and training agree?",
        "tandem features skew", "tandem features skew --from 2026-01-01 --json")
    {
        FeaturesSkewCommand.Build(terminal),
    };
}
