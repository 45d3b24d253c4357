using Tandem.Learning.Files;
using Tandem.Learning.Imbalance;

namespace Tandem.Learning;

/// <summary>A model of any kind that scores rows, with what brings its scores back to probabilities: of the focal loss that
/// it was fitted by, then of the share of positives that it was fitted on; last comes a map by calibration.</summary>
/// <remarks>It goes by the kind of the model inside, whose entry in the catalogue fits, saves and loads both as
/// one.</remarks>
public sealed class AdjustedScorer : IRowScorer
{
    private const string FileKind = "adjusted";

    private readonly float _shift;

    internal AdjustedScorer(
        IRowScorer inner, double logOddsShift, double focalGamma, CalibrationMap? calibration = null)
    {
        bool isOnlyCalibrated = logOddsShift == 0 && focalGamma == 0 && inner.Target.Kind == RowTargetKind.Multiclass;
        if (inner.Target.Kind != RowTargetKind.Binary && !isOnlyCalibrated)
        {
            throw new ArgumentException("Only chances are adjusted, and logits of classes calibrated.", nameof(inner));
        }

        Inner = inner;
        Calibration = calibration;
        LogOddsShift = logOddsShift;
        FocalGamma = focalGamma;
        _shift = (float)logOddsShift;
    }

    /// <summary>The model inside, whose scores are not adjusted.</summary>
    public IRowScorer Inner { get; }

    /// <summary>What is added to each score: <see cref="TrainingRows.LogOddsShift"/>.</summary>
    public double LogOddsShift { get; }

    /// <summary>γ of the focal loss that is undone; 0 where the model was fitted by the log-loss.</summary>
    public double FocalGamma { get; }

    /// <summary>The map that comes last, or null.</summary>
    public CalibrationMap? Calibration { get; }

    /// <inheritdoc/>
    public string Kind => Inner.Kind;

    /// <inheritdoc/>
    public int DenseCount => Inner.DenseCount;

    /// <inheritdoc/>
    public int SparseCount => Inner.SparseCount;

    /// <inheritdoc/>
    public RowTarget Target => Inner.Target;

    /// <inheritdoc/>
    public void ScoreRows(in FeatureRows rows, Span<float> scores)
    {
        Inner.ScoreRows(in rows, scores);
        int count = rows.Count * Target.OutputCount;
        for (int i = 0; i < count; i++)
        {
            float score = FocalGamma == 0 ? scores[i] : (float)FocalLoss.LogOdds(scores[i], FocalGamma);
            score += _shift;
            scores[i] = Calibration is null ? score : (float)Calibration.Map(score);
        }
    }

    /// <summary>A model whose scores a map calibrates, in place of any before.</summary>
    /// <param name="scorer">The model, of chances; or of classes, for a map by temperature.</param>
    /// <param name="map">The map, fitted on scores of the model as it is without one; null takes it away.</param>
    public static IRowScorer Calibrate(IRowScorer scorer, CalibrationMap? map)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        (IRowScorer inner, double shift, double gamma) = scorer is AdjustedScorer adjusted
            ? (adjusted.Inner, adjusted.LogOddsShift, adjusted.FocalGamma)
            : (scorer, 0, 0);
        return map is null && shift == 0 && gamma == 0 ? inner : new AdjustedScorer(inner, shift, gamma, map);
    }

    /// <inheritdoc/>
    public void Save(Stream target)
    {
        (KeyValuePair<string, double>[] settings, ModelArray[] arrays) = Calibration?.ToFile() ?? ([], []);
        ModelFile.Write(
            target, FileKind, [new("log_odds_shift", LogOddsShift), new("focal_gamma", FocalGamma), .. settings], arrays);
        Inner.Save(target);
    }

    /// <summary>A model as it is where nothing is to be adjusted.</summary>
    internal static IRowScorer Over(IRowScorer inner, TrainingRows fittedOn) =>
        fittedOn.LogOddsShift == 0 && fittedOn.FocalGamma == 0
            ? inner
            : new AdjustedScorer(inner, fittedOn.LogOddsShift, fittedOn.FocalGamma);

    /// <summary>Reads a model, adjusted or not.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="load">Reads the model inside.</param>
    internal static IRowScorer Load(Stream source, Func<Stream, IRowScorer> load)
    {
        if (!source.CanSeek)
        {
            using MemoryStream copy = new();
            source.CopyTo(copy);
            copy.Position = 0;
            return Load(copy, load);
        }

        if (ModelFile.KindAt(source) != FileKind)
        {
            return load(source);
        }

        ModelContent content = ModelFile.Read(source, FileKind);
        double shift = content.Setting("log_odds_shift");
        double gamma = content.Setting("focal_gamma");
        return double.IsFinite(shift) && gamma is >= 0 and <= FocalLoss.MostGamma
            ? new AdjustedScorer(load(source), shift, gamma, CalibrationMap.FromFile(content))
            : throw ModelContent.Damaged($"the adjustment is {shift} with a focal loss of {gamma}");
    }
}
