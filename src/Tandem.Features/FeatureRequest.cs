using System.Runtime.InteropServices;

namespace Tandem.Features;

/// <summary>What the rows of one answer share.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FeatureRequest
{
    /// <summary>The moment: only what had happened and was known then counts. Expressions call it <c>now</c>.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Entity that all rows share, such as the user; null for none.</summary>
    public string? Entity { get; init; }

    /// <summary>Its id; null where nobody is known, whose features are then null.</summary>
    public string? Id { get; init; }

    /// <summary>Values of the request, a JSON object of columns of the impression that passed their checks; empty for
    /// none.</summary>
    public ReadOnlyMemory<byte> Context { get; init; }
}
