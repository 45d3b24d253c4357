using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary>Shapes that several sections use.</summary>
internal static class Words
{
    public static readonly Shape<string> ModelKind = new VocabularyShape(
        "a model kind", static words => [.. words.Models.Select(static model => model.Name)], SpecErrors.UnknownModel)
    {
        Definition = "model_kind",
    };

    /// <summary>A model kind, or <c>none</c>.</summary>
    public static readonly Shape<string> ModelKindOrNone = new VocabularyShape(
        "a model kind, or none",
        static words => [.. words.Models.Select(static model => model.Name), LearningTask.None],
        SpecErrors.UnknownModel);

    public static readonly Shape<ModelChoiceSpec> Model = new ModelChoiceShape(ModelKind) { Definition = "model" };

    public static readonly Shape<string> Operator = new VocabularyShape(
        "a feature operator", static words => [.. words.Operators.Select(static each => each.Name)],
        SpecErrors.UnknownOperator);

    public static readonly Shape<string> Metric = new MetricShape { Definition = "metric" };

    public static readonly Shape<ConditionSpec> Condition = new ConditionShape { Definition = "condition" };

    public static readonly Shape<IReadOnlyList<ConditionSpec>> Conditions = Shapes.List(Condition, "conditions");
}
