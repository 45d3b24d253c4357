using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary><c>model</c>.</summary>
internal static class ModelSection
{
    public static readonly SectionShape<ModelSpec> Shape =
        new SectionShape<ModelSpec>("retrieve, rank, rerank, or predict", () => new ModelSpec())
            .Key("retrieve", Words.Model, s => s.Retrieve, (s, v) => s with { Retrieve = v },
                "Chooses candidates from all items: a kind, or {kind: …} with its parameters beside it.")
            .Key("rank", Words.RowModel.OrNothing(), s => s.Rank, (s, v) => s with { Rank = v },
                "Orders the candidates by features and the score of retrieval. Without it the order of retrieval stays.")
            .Key("rerank", Words.Model.OrNothing(), s => s.Rerank, (s, v) => s with { Rerank = v },
                "Re-orders the head of the answer.")
            .Key("predict", Words.RowModel.OrNothing(), s => s.Predict, (s, v) => s with { Predict = v },
                "The one model of a task that predicts: a probability, a class, a number.");
}
