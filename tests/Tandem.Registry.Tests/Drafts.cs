using System.Text;

namespace Tandem.Registry.Tests;

/// <summary>Drafts for tests, differing by a word.</summary>
internal static class Drafts
{
    public static ModelDraft Make(string word, string model = "video", int? parent = null) => new()
    {
        Model = model,
        Kind = "als",
        Artifacts = new Dictionary<string, DraftArtifact>(StringComparer.Ordinal)
        {
            ["model.bin"] = DraftArtifact.FromBytes(Encoding.UTF8.GetBytes($"factors {word}")),
            ["items.txt"] = DraftArtifact.FromBytes(Encoding.UTF8.GetBytes("items")),
        },
        Lineage = new ModelLineage
        {
            Cause = TrainingCause.Drift,
            SpecHash = "sha256:spec",
            TrainingSetHash = "sha256:set",
            LakeManifest = 12,
            CodeVersion = "0.1.0",
            Seed = ulong.MaxValue,
            Window = new DataWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)),
            Parent = parent,
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["factors"] = "64" },
            Metrics = new Dictionary<string, ModelMetric>(StringComparer.Ordinal)
            {
                ["ndcg@20"] = new(double.NaN),
                ["recall@20"] = new(0.25, 0.24, 0.26),
            },
        },
    };
}
