using Tandem.Learning.Imbalance;
using Tandem.Spec;

namespace Tandem.Training.Tables;

/// <summary>A model to fit and judge on a table.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Choice">Kind and settings; null for what a search picks in each division.</param>
/// <param name="IsBaseline">True where others are measured against it.</param>
/// <param name="Imbalance">The method for rare positives.</param>
/// <param name="IsPointwise">True where grades are fitted one by one although the kind orders.</param>
internal sealed record TableContender(
    string Name, ModelChoiceSpec? Choice, bool IsBaseline, ImbalanceChoice Imbalance, bool IsPointwise)
{
    /// <summary>The model of somebody else that it is, or null.</summary>
    public FittedModel? Imported { get; init; }
}
