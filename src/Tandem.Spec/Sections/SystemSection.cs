using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary>The whole file. Parser, validation, hash, schema and reference page all follow this declaration.</summary>
internal static class SystemSection
{
    public static readonly SectionShape<SystemSpec> Shape =
        new SectionShape<SystemSpec>("a design with name, objective and sources", Seed)
            .Required("name", Texts.SystemName, s => s.Name, (s, v) => s with { Name = v },
                "Name of the system: lower-case letters, digits and hyphens, 1 to 63.")
            .Key("store", Texts.Store, s => s.Store, (s, v) => s with { Store = v },
                "Where everything durable lives: a folder relative to the file, or s3://bucket/prefix; the raw log then stays " +
                "in .tandem beside the file.")
            .Key("journal", Texts.Journal, s => s.Journal, (s, v) => s with { Journal = v },
                "The raw log: file, or amqp://… for RabbitMQ streams.")
            .Required("objective", ObjectiveSection.Shape, s => s.Objective, (s, v) => s with { Objective = v },
                "What the system is for: the business goal and the learning task it becomes.")
            .Key("requirements", RequirementsSection.Shape, s => s.Requirements, (s, v) => s with { Requirements = v },
                "What the system must reach; 'tandem verify' measures it.")
            .Key("entities", SourceSections.Entities, s => s.Entities, (s, v) => s with { Entities = v },
                "Kinds of things that events are about. Unless given: user and item, each described by the one table " +
                "about it.")
            .Required("sources", SourceSections.Sources, s => s.Sources, (s, v) => s with { Sources = v },
                "Sources of data by name: the name of an events source is its event type.")
            .Key("features", FeatureSection.Views, s => s.Features, (s, v) => s with { Features = v },
                "Feature views by name: one definition for training and serving.")
            .Key("encoders", EncoderSection.Encoders, s => s.Encoders, (s, v) => s with { Encoders = v },
                "How features become inputs of models that read them, by view:feature. Unless given: numbers are " +
                "standardised, texts hashed, lists left out.")
            .Key("model", ModelSection.Shape, s => s.Model, (s, v) => s with { Model = v },
                "What is fitted: one model a role.")
            .Key("training", TrainingSection.Shape, s => s.Training, (s, v) => s with { Training = v },
                "How and when models are fitted.")
            .Key("evaluation", EvaluationSection.Shape, s => s.Evaluation, (s, v) => s with { Evaluation = v },
                "How models are judged, and what a new version must reach.")
            .Key("serving", ServingSection.Shape, s => s.Serving, (s, v) => s with { Serving = v },
                "How requests are answered.")
            .Key("monitoring", MonitoringSection.Shape, s => s.Monitoring, (s, v) => s with { Monitoring = v },
                "What is watched, and what follows.");

    private static SystemSpec Seed() => new()
    {
        Name = "",
        Objective = ObjectiveSection.Seed(),
        Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal),
    };
}
