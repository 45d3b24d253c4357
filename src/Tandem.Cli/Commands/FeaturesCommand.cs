namespace Tandem.Cli.Commands;

/// <summary><c>tandem features</c>: training sets, leaks in them, and whether serving and training agree.</summary>
internal static class FeaturesCommand
{
    public static Verb Build(Terminal terminal) => new(
        "features", "Build and compare training sets, look for leaks; do serving and training agree?",
        "tandem features build", "tandem features ls", "tandem features show 9f3ac2",
        "tandem features diff 9f3ac2 01e48b", "tandem features check", "tandem features skew")
    {
        FeaturesSetsCommand.BuildBuild(terminal), FeaturesSetsCommand.BuildCheck(terminal),
        FeaturesSetsCommand.BuildList(terminal), FeaturesSetsCommand.BuildShow(terminal),
        FeaturesSetsCommand.BuildDiff(terminal), FeaturesSkewCommand.Build(terminal),
    };
}
