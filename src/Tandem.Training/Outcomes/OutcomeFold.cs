using System.Globalization;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Spec;
using Tandem.Training.Ranking;

namespace Tandem.Training.Outcomes;

/// <summary>Rows to learn from and later rows to judge on, encoded as kinds of models read them: encoders learn from the
/// former alone.</summary>
internal sealed class OutcomeFold(
    SetRows rows, int[] train, int[] test, IReadOnlyDictionary<string, EncoderSpec> encoders, string folder)
{
    private readonly Dictionary<bool, (FeatureEncoders Encoders, LabelledRows Rows)> _encoded = [];
    private readonly int[] _owners = OwnersOf(rows, test);

    /// <summary>Number of rows to learn from.</summary>
    public int TrainRows => train.Length;

    /// <summary>The encoders of kinds that take missing values, or of the others.</summary>
    public FeatureEncoders Encoders(bool takesMissing) => Encode(takesMissing).Encoders;

    /// <summary>The rows to learn from.</summary>
    public LabelledRows Earlier(bool takesMissing) => Encode(takesMissing).Rows.Take(train);

    /// <summary>The rows to judge on.</summary>
    public LabelledRows Later(bool takesMissing) => Encode(takesMissing).Rows.Take(test);

    /// <summary>What a model said of the rows to judge on; those of one user are drawn together.</summary>
    public RowScores Scores(float[] values) => new()
    {
        Values = values,
        Labels = [.. test.Select(row => rows.Labels[row])],
        Groups = _owners,
    };

    private (FeatureEncoders Encoders, LabelledRows Rows) Encode(bool takesMissing)
    {
        if (!_encoded.TryGetValue(takesMissing, out (FeatureEncoders Encoders, LabelledRows Rows) found))
        {
            (FeatureEncoders fitted, EncodedRows all) = FeatureEncoders.Fit(
                rows.ForEncoders(train), encoders, folder, takesMissing);
            found = (fitted, rows.Join(fitted, all));
            _encoded.Add(takesMissing, found);
        }

        return found;
    }

    private static int[] OwnersOf(SetRows rows, int[] part)
    {
        int[] users = rows.Users();
        EntityIndex owners = new();
        return [.. part.Select(row => owners.FindOrAdd(users[row].ToString(CultureInfo.InvariantCulture)))];
    }
}
