using Tandem.Spec.Grammar;

namespace Tandem.Spec.Sections;

/// <summary>Shapes that several sections use.</summary>
internal static class Words
{
    public static readonly Shape<string> ModelKind = new VocabularyShape(
        "a model kind", static words => NamesOf(words, readsFeatures: false), SpecErrors.UnknownModel)
    {
        Definition = "model_kind",
    };

    public static readonly Shape<string> RowModelKind = new VocabularyShape(
        "a kind of model that reads features", static words => NamesOf(words, readsFeatures: true),
        SpecErrors.UnknownModel)
    {
        Definition = "row_model_kind",
    };

    /// <summary>A model kind of either sort: which one fits is the task's to say.</summary>
    public static readonly Shape<string> AnyModelKind = new VocabularyShape(
        "a model kind", static words => [.. words.Models.Select(static model => model.Name)], SpecErrors.UnknownModel)
    {
        Definition = "any_model_kind",
    };

    /// <summary>A model kind of either sort, or <c>none</c>.</summary>
    public static readonly Shape<string> ModelKindOrNone = new VocabularyShape(
        "a model kind, or none",
        static words => [.. words.Models.Select(static model => model.Name), LearningTask.None],
        SpecErrors.UnknownModel);

    public static readonly Shape<ModelChoiceSpec> Model = new ModelChoiceShape(
        ModelKind, static words => words.Models.Where(static model => !model.ReadsFeatures))
    {
        Definition = "model",
    };

    /// <summary>A model whose settings may be ranges.</summary>
    public static readonly Shape<ModelChoiceSpec> Candidate =
        new ModelChoiceShape(AnyModelKind, static words => words.Models, mayRange: true) { Definition = "candidate" };

    /// <summary>A model that reads features, with its settings.</summary>
    public static readonly Shape<ModelChoiceSpec> RowModel =
        new ModelChoiceShape(RowModelKind, static words => words.Models.Where(static model => model.ReadsFeatures))
        {
            Definition = "row_model",
        };

    /// <summary>A method for rare positives, with its settings.</summary>
    public static readonly Shape<ModelChoiceSpec> Imbalance = new ModelChoiceShape(
        new VocabularyShape(
            "a method for rare positives",
            static words => [.. words.Imbalance.Select(static method => method.Name)], SpecErrors.UnknownImbalance),
        static words => words.Imbalance, "method")
    {
        Definition = "imbalance",
    };

    public static readonly Shape<string> Operator = new VocabularyShape(
        "a feature operator", static words => [.. words.Operators.Select(static each => each.Name)],
        SpecErrors.UnknownOperator);

    public static readonly Shape<string> Metric = new MetricShape { Definition = "metric" };

    public static readonly Shape<ConditionSpec> Condition = new ConditionShape { Definition = "condition" };

    public static readonly Shape<IReadOnlyList<ConditionSpec>> Conditions = Shapes.List(Condition, "conditions");

    private static IReadOnlyList<string> NamesOf(SpecVocabulary words, bool readsFeatures) =>
        [.. words.Models.Where(model => model.ReadsFeatures == readsFeatures).Select(static model => model.Name)];
}
