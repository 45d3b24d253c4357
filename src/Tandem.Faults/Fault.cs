namespace Tandem.Faults;

/// <summary>One thing that went wrong: what happened, where, and what to do about it.</summary>
/// <param name="Code">Stable code, three letters of the room and three digits, such as <c>EVT004</c>; listed in
/// <c>docs/errors.md</c>.</param>
/// <param name="What">What happened, with the values that explain it.</param>
/// <param name="Remedy">What to do next; names the command or the setting.</param>
public sealed record Fault(string Code, string What, string Remedy)
{
    /// <summary>What kind of failure this is; hosts translate it to a status or an exit code.</summary>
    public FaultKind Kind { get; init; } = FaultKind.Invalid;

    /// <summary>Where: <c>tandem.yaml:12:5</c>, a segment and offset, a file and line; null where there is no
    /// place.</summary>
    public string? Place { get; init; }

    /// <summary>What was expected instead, or null.</summary>
    public string? Expected { get; init; }

    /// <summary>The nearest valid name to the one that was given, or null.</summary>
    public string? Nearest { get; init; }

    /// <summary>The fault on one line: place, code, what happened, what was expected, what to do.</summary>
    public override string ToString()
    {
        string place = Place is null ? "" : $"{Place}: ";
        string expected = Expected is null ? "" : $" Expected {Expected}.";
        string nearest = Nearest is null ? "" : $" Did you mean '{Nearest}'?";
        return $"{place}{Code}: {What}{expected}{nearest} {Remedy}";
    }
}
