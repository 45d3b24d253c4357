namespace Tandem.Spec.Rules;

/// <summary>Models and training against the task and the data.</summary>
internal static class TrainingChecks
{
    public static void Run(Checking checking)
    {
        CheckRoles(checking);
        CheckTimes(checking);
        CheckModels(checking);
        CheckDirections(checking);
        CheckRank(checking);
        CheckImbalance(checking);
        CheckCalibration(checking);
    }

    private static void CheckCalibration(Checking checking)
    {
        string method = checking.Spec.Training.Calibration;
        bool fits = checking.Task?.Name switch
        {
            null or "binary" => true,
            "multiclass" => method is "auto" or "none" or "temperature",
            _ => method is "auto" or "none",
        };
        if (!fits)
        {
            checking.Report(
                checking.Places.At("training", "calibration"), RowErrors.CalibrationOfOtherTask(method, checking.Task!.Name));
        }
    }

    private static void CheckRoles(Checking checking)
    {
        if (checking.Task is not { } task)
        {
            return;
        }

        foreach (string role in (string[])(task.IsOrdered && !checking.Spec.IsTabular ? ["predict"] : ["retrieve", "rank", "rerank"]))
        {
            if (checking.Places.IsGiven("model", role))
            {
                checking.Report(checking.Places.Key("model", role), SpecErrors.RoleOfOtherTask(role, task.Name));
            }
        }
    }

    private static void CheckTimes(Checking checking)
    {
        TrainingSpec training = checking.Spec.Training;
        string name = checking.Spec.Objective.Label.Event;
        SourceSpec? source = checking.LabelSource;
        if (training.Window is not null)
        {
            checking.NeedTimes("A training window", name, source, checking.Places.At("training", "window"));
        }

        CheckSplit(training.Split, checking);
        if (training.Split.By == SplitSpec.Time && !checking.Spec.IsTabular)
        {
            TimeSpan heldOut = training.Split.Test + training.Split.Gap;
            checking.NeedTimes("A split by time", name, source, checking.Places.At("training", "split", "by"));
            if (training.Window <= heldOut)
            {
                checking.Report(
                    checking.Places.At("training", "window"),
                    SpecErrors.NothingToLearnFrom(training.Window.Value, heldOut));
            }
        }

        bool hasParts = source?.Import is { } import && import.Files.ContainsKey("train")
            && import.Files.ContainsKey("test");
        if (training.Split.By == SplitSpec.Files && source is not null && !hasParts)
        {
            checking.Report(checking.Places.At("training", "split", "by"), SpecErrors.SplitNeedsFiles(name));
        }
    }

    private static void CheckSplit(SplitSpec split, Checking checking)
    {
        bool isTabular = checking.Spec.IsTabular;
        Yaml.Node node = checking.Places.At("training", "split", "by");
        if (isTabular ? split.By == SplitSpec.LeaveLastOut : split.By is SplitSpec.Random or SplitSpec.Groups)
        {
            checking.Report(node, RowErrors.SplitOfOtherTask(split.By, isTabular));
        }
        else if (split.By == SplitSpec.Groups && checking.Spec.Objective.Label.Group is null)
        {
            checking.Report(node, RowErrors.SplitNeedsGroups());
        }
    }

    private static void CheckDirections(Checking checking)
    {
        SystemSpec spec = checking.Spec;
        Check(spec.Model.Predict, "model", "predict", "directions");
        Check(spec.Model.Rank, "model", "rank", "directions");
        for (int i = 0; i < spec.Training.Candidates.Count; i++)
        {
            string index = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Check(spec.Training.Candidates[i], "training", "candidates", index, "directions");
        }

        void Check(ModelChoiceSpec? choice, params string[] path)
        {
            foreach (string feature in choice?.Directions.Keys ?? [])
            {
                Yaml.Node node = checking.Places.At([.. path, feature]);
                if (checking.Task is { Name: "multiclass" or "multilabel" or "quantile" or LearningTask.Uplift } task)
                {
                    checking.Report(node, RowErrors.DirectionsOfOtherTask(task.Name));
                }
                else if (Misfit(feature, checking) is { } what)
                {
                    checking.Report(node, RowErrors.DirectionOf(feature, what));
                }
            }
        }
    }

    /// <summary>Why a feature is no number; null where it is one, or where only the data can tell.</summary>
    private static string? Misfit(string feature, Checking checking)
    {
        if (checking.Spec.IsTabular)
        {
            SourceSpec? source = checking.LabelSource;
            return source?.Dropped.ContainsKey(feature) == true ? "dropped"
                : source?.Columns.GetValueOrDefault(feature)?.Type is ColumnType.Text or ColumnType.TextList ? "a text"
                : null;
        }

        return checking.Features.Find(feature) switch
        {
            null => checking.IsFaulted("features", feature.Split(':')[0]) ? null : "no feature of this design",
            ExpressionType.Number or ExpressionType.Flag or ExpressionType.Nothing => null,
            _ => "no number",
        };
    }

    private static void CheckRank(Checking checking)
    {
        SystemSpec spec = checking.Spec;
        if (spec.Model.Rank is null)
        {
            return;
        }

        Yaml.Node node = checking.Places.At("model", "rank");
        if (spec.Objective.Label.Impression is null)
        {
            checking.Report(node, SpecErrors.RankNeeds(
                "objective.label names no impressions", "Name the source of impressions, or remove model.rank."));
        }
        else if (spec.Training.Split.By != "time")
        {
            checking.Report(node, SpecErrors.RankNeeds(
                $"the split '{spec.Training.Split.By}' has no later part to judge it on",
                "Write training.split.by: time, or remove model.rank."));
        }
        else if (spec.Features.Count == 0 && !checking.IsFaulted("features"))
        {
            checking.Report(node, SpecErrors.RankNeeds(
                "there are no features to read", "Add views under features, or remove model.rank."));
        }
    }

    private static void CheckImbalance(Checking checking)
    {
        SystemSpec spec = checking.Spec;
        string method = spec.Training.Imbalance.Kind;
        if (method == LearningTask.None || checking.Task is not { } task)
        {
            return;
        }

        bool learnsPositives = spec.IsTabular ? task.Name == "binary" : !task.IsOrdered || spec.Model.Rank is not null;
        if (!learnsPositives)
        {
            checking.Report(checking.Places.At("training", "imbalance"), RowErrors.NothingRare(method, task.Name));
        }
    }

    private static void CheckModels(Checking checking)
    {
        SystemSpec spec = checking.Spec;
        CheckModel(spec.Model.Retrieve.Kind, checking, "model", "retrieve", "kind");
        CheckModel(spec.Model.Rank?.Kind, checking, "model", "rank", "kind");
        CheckModel(spec.Model.Rerank?.Kind, checking, "model", "rerank", "kind");
        CheckModel(spec.Serving.Fallback, checking, "serving", "fallback");
        CheckModel(spec.Evaluation.Gate.Beats, checking, "evaluation", "gate", "beats");
        CheckSort(spec.Evaluation.Gate.Beats, checking, checking.Places.At("evaluation", "gate", "beats"));
        for (int i = 0; i < spec.Training.Candidates.Count; i++)
        {
            string index = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            CheckModel(spec.Training.Candidates[i].Kind, checking, "training", "candidates", index, "kind");
            CheckSort(
                spec.Training.Candidates[i].Kind, checking,
                checking.Places.At("training", "candidates", index, "kind"));
        }

        foreach (string kind in spec.Evaluation.Baselines)
        {
            Yaml.Node node = checking.Places.Item(text => text == kind, "evaluation", "baselines");
            CheckModel(kind, checking, node);
            CheckSort(kind, checking, node);
        }
    }

    /// <summary>Reports a kind that scores items where rows are scored, or the other way round.</summary>
    private static void CheckSort(string kind, Checking checking, Yaml.Node node)
    {
        if (checking.Task is { } task
            && checking.Vocabulary.Models.FirstOrDefault(model => model.Name == kind) is { } known
            && known.ReadsFeatures != (checking.Spec.IsTabular || !task.IsOrdered))
        {
            checking.Report(node, RowErrors.KindOfOtherTask(kind, known.ReadsFeatures, task.Name));
        }
    }

    private static void CheckModel(string? kind, Checking checking, params ReadOnlySpan<string> path) =>
        CheckModel(kind, checking, checking.Places.At(path));

    private static void CheckModel(string? kind, Checking checking, Yaml.Node node)
    {
        KnownModel? known = checking.Vocabulary.Models.FirstOrDefault(model => model.Name == kind);
        if (known?.NeedsTimes == true)
        {
            checking.NeedTimes(
                $"The model kind '{kind}'", checking.Spec.Objective.Label.Event, checking.LabelSource, node);
        }
    }
}
