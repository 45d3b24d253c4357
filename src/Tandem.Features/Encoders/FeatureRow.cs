namespace Tandem.Features.Encoders;

/// <summary>The values of one row, as encoders read them.</summary>
public readonly ref struct FeatureRow
{
    /// <summary>Numbers in the order of <see cref="FeatureEncoders.Numbers"/>; NaN is null.</summary>
    public required ReadOnlySpan<float> Numbers { get; init; }

    /// <summary>Texts of all text features, one feature after another in the order of
    /// <see cref="FeatureEncoders.Texts"/>.</summary>
    public ReadOnlySpan<string> Texts { get; init; }

    /// <summary>Where each text feature's texts begin, length text features + 1; empty where there are none.</summary>
    public ReadOnlySpan<int> TextStarts { get; init; }

    /// <summary>The texts of one feature; none where it is null.</summary>
    internal ReadOnlySpan<string> TextsOf(int index) => Texts[TextStarts[index]..TextStarts[index + 1]];
}
