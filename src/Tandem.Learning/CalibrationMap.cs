using Tandem.Learning.Files;

namespace Tandem.Learning;

/// <summary>Maps log-odds to better ones; never turns two scores round. Allocates nothing.</summary>
/// <remarks>Either s′ = a·s⁻ + b·s⁺ + c with s⁺ = ln(1 + e^s) and s⁻ = s − s⁺ – Platt's map where a = b, of temperature
/// where also c = 0, otherwise that of beta – or the probability between knots, linear in the score (isotonic).</remarks>
public sealed class CalibrationMap
{
    private readonly float[] _knots;
    private readonly float[] _probabilities;

    private CalibrationMap(
        string method, double below, double above, double offset, float[] knots, float[] probabilities)
    {
        Method = method;
        Below = below;
        Above = above;
        Offset = offset;
        _knots = knots;
        _probabilities = probabilities;
    }

    /// <summary>How it was fitted: <c>platt</c>, <c>isotonic</c>, <c>temperature</c> or <c>beta</c>.</summary>
    public string Method { get; }

    /// <summary>a: slope far below even odds; 0 of isotonic.</summary>
    public double Below { get; }

    /// <summary>b: slope far above even odds; 0 of isotonic.</summary>
    public double Above { get; }

    /// <summary>c; 0 of isotonic.</summary>
    public double Offset { get; }

    /// <summary>Scores between which isotonic probabilities run straight; empty of others.</summary>
    public ReadOnlySpan<float> Knots => _knots;

    /// <summary>The probabilities there.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>Maps one score.</summary>
    /// <param name="logOdds">Any finite number.</param>
    public double Map(double logOdds)
    {
        if (_knots.Length > 0)
        {
            return LogOdds.Of(Between(logOdds));
        }

        double above = Math.Max(logOdds, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logOdds)));
        return (Below * (logOdds - above)) + (Above * above) + Offset;
    }

    internal static CalibrationMap Straight(string method, double slope, double offset) =>
        new(method, slope, slope, offset, [], []);

    internal static CalibrationMap Bent(string method, double below, double above, double offset) =>
        new(method, below, above, offset, [], []);

    internal static CalibrationMap Stepped(string method, float[] knots, float[] probabilities) =>
        new(method, 0, 0, 0, knots, probabilities);

    /// <summary>The settings and arrays that a model's file keeps of it.</summary>
    internal (KeyValuePair<string, double>[] Settings, ModelArray[] Arrays) ToFile() => (
        [
            new("calibration", Array.IndexOf(Calibrator.Methods, Method)), new("below", Below), new("above", Above),
            new("offset", Offset), new("knots", _knots.Length),
        ],
        [new("knots", _knots), new("probabilities", _probabilities)]);

    /// <summary>Reads it back, or null where the model has none.</summary>
    internal static CalibrationMap? FromFile(ModelContent content)
    {
        if (!content.Has("calibration"))
        {
            return null;
        }

        int method = content.Count("calibration");
        int knotCount = content.Count("knots");
        CalibrationMap map = new(
            method > 0 && method < Calibrator.Methods.Length ? Calibrator.Methods[method] : throw Damaged(), content.Setting("below"),
            content.Setting("above"), content.Setting("offset"), content.Floats("knots", knotCount),
            content.Floats("probabilities", knotCount));
        bool isSound = map.Below >= 0 && map.Above >= 0 && double.IsFinite(map.Below + map.Above + map.Offset);
        for (int i = 0; isSound && i < knotCount; i++)
        {
            isSound = float.IsFinite(map._knots[i]) && map._probabilities[i] is > 0 and < 1
                && (i == 0 || (map._knots[i] > map._knots[i - 1] && map._probabilities[i] >= map._probabilities[i - 1]));
        }

        return !isSound ? throw Damaged() : map;
    }

    private static Faults.TandemException Damaged() => ModelContent.Damaged("the calibration is not one that never falls");

    private double Between(double score)
    {
        int above = Array.BinarySearch(_knots, (float)score);
        above = above < 0 ? ~above : above;
        if (above == 0 || above == _knots.Length)
        {
            return _probabilities[Math.Min(above, _knots.Length - 1)];
        }

        double share = Math.Clamp((score - _knots[above - 1]) / ((double)_knots[above] - _knots[above - 1]), 0, 1);
        return _probabilities[above - 1] + (share * ((double)_probabilities[above] - _probabilities[above - 1]));
    }
}
