using Tandem.Learning.Files;
using Tandem.Learning.Neighbours;

namespace Tandem.Learning.Ease;

/// <summary>Scores items by a weight from each item of the history, learned so that histories explain themselves. Kind
/// <c>ease</c>.</summary>
public sealed class EaseModel : NeighbourModel
{
    internal const string KindName = "ease";

    internal EaseModel(NeighbourTable table)
        : base(KindName, table)
    {
    }

    internal static EaseModel Load(Stream source) => new(NeighbourTable.Load(ModelFile.Read(source, KindName)));
}
