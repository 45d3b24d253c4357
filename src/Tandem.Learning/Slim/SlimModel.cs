using Tandem.Learning.Files;
using Tandem.Learning.Neighbours;

namespace Tandem.Learning.Slim;

/// <summary>Scores items by a few learned weights from the items of the history. Kind <c>slim</c>.</summary>
public sealed class SlimModel : NeighbourModel
{
    internal const string KindName = "slim";

    internal SlimModel(NeighbourTable table)
        : base(KindName, table)
    {
    }

    internal static SlimModel Load(Stream source) => new(NeighbourTable.Load(ModelFile.Read(source, KindName)));
}
