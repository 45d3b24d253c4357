using Tandem.Faults;

namespace Tandem.Spec;

/// <summary>Messages of files that are made and changed by Tandem itself.</summary>
internal static partial class SpecErrors
{
    // --- Templates
    public static Fault UnknownTemplate(string template, IReadOnlyList<string> names) =>
        new("SPC041", $"There is no template '{template}'.", "Use one of the templates.")
        {
            Kind = FaultKind.NotFound,
            Expected = "one of: " + string.Join(", ", names),
            Nearest = NearestName.Find(template, names),
        };

    public static Fault BadName(string name) =>
        new("SPC016", $"'{name}' cannot name a system.", "Choose another name, for example home-feed.")
        {
            Expected = Grammar.Texts.SystemName.Expected,
        };

    // --- Edits
    public static Fault NothingToEdit(string path, string fileName) =>
        new("SPC040", $"'{path}' cannot be set: {fileName} is empty or is not YAML.",
            "Correct the file by hand first.");

    public static Fault NoMapping(string[] path, int step) => step == 0
        ? new("SPC040", $"'{path[0]}' cannot be set: the file is not a mapping.", "Correct the file by hand first.")
        : new("SPC040",
            $"'{string.Join('.', path)}' cannot be edited: '{string.Join('.', path[..step])}' has no part " +
            $"'{path[step]}'.", $"Set '{string.Join('.', path[..step])}' as a whole, in its long form.");

    public static Fault LastKey(string[] path) =>
        new("SPC040", $"'{string.Join('.', path)}' is the only key of the file.",
            "A design needs name, objective and sources: replace it instead.");

    public static Fault UnusualText(string[] path) =>
        new("SPC040",
            $"'{string.Join('.', path)}' is laid out in a way that cannot be edited without touching the rest.",
            "Change it by hand.");
}
