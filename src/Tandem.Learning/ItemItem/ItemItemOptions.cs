namespace Tandem.Learning.ItemItem;

/// <summary>Settings of <see cref="ItemItemTrainer"/>.</summary>
public sealed record ItemItemOptions
{
    /// <summary>Neighbours kept an item, ≥ 0, default 1000; 0 keeps all.</summary>
    public int Neighbours { get; init; } = 1000;
}
