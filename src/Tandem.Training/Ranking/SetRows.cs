using System.Globalization;
using Tandem.Features;
using Tandem.Features.Encoders;
using Tandem.Lake;
using Tandem.Learning;

namespace Tandem.Training.Ranking;

/// <summary>The rows of a labelled set as models of features read them: with the score of retrieval behind the features
/// where candidates are ordered.</summary>
internal sealed class SetRows
{
    private readonly LabelledSet _set;
    private readonly IReadOnlyList<TextColumn> _texts;
    private readonly float[]? _retrieval;
    private readonly long _labelMicros;

    public SetRows(
        LabelledSet set, IReadOnlyList<TextColumn> texts, float[]? retrieval, TimeSpan labelWindow)
    {
        _set = set;
        _texts = texts;
        _retrieval = retrieval;
        _labelMicros = labelWindow.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Reads the texts of a set's rows.</summary>
    public static async Task<IReadOnlyList<TextColumn>> TextsAsync(
        LakeSnapshot snapshot, LabelledSet set, IReadOnlyList<FeatureView> views, IReadOnlyList<string> names,
        CancellationToken cancellationToken) => names.Count == 0
        ? []
        : await TextJoin.BuildAsync(
            snapshot, set.Set.Spine, views, names, set.Set.Description.AsOf, cancellationToken).ConfigureAwait(false);

    public int Count => Labels.Length;

    public float[] Labels => _set.Set.Spine.Labels;

    public ReadOnlySpan<float> Retrieval => _retrieval;

    /// <summary>Moment of each row, microseconds since 1970.</summary>
    public long[] Times => _set.Set.Spine.Times;

    /// <summary>Indices of the rows of a part.</summary>
    public int[] Part(string part) =>
        [.. Enumerable.Range(0, Count).Where(row => _set.Set.Spine.Parts.Length > 0 && _set.Set.Spine.Parts[row] == part)];

    /// <summary>The values of a feature in some rows, as texts; of a list the newest, empty where missing. Null where the rows have no such
    /// feature.</summary>
    public string[]? ValuesOf(string feature, int[] part)
    {
        int number = _set.Set.Description.Features.ToList().IndexOf(feature);
        TextColumn? texts = _texts.FirstOrDefault(column => column.Name == feature);
        return number >= 0
            ? [.. part.Select(row => Text(_set.Set.Row(row)[number]))]
            : texts is null
            ? null
            : [.. part.Select(row => texts.Count(row) > 0 ? texts.Text(row, texts.Count(row) - 1) : "")];

        static string Text(float value) => float.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Names of the features of the rows.</summary>
    public IEnumerable<string> Features => _set.Set.Description.Features.Concat(_texts.Select(static column => column.Name));

    /// <summary>Whether a part holds both positives and negatives: else nothing is learned from it, nor judged on it.</summary>
    public bool HasBothClasses(int[] part) => part.Any(row => Labels[row] > 0) && part.Any(row => Labels[row] == 0);

    /// <summary>Number of the user of each row, from 0.</summary>
    public int[] Users()
    {
        EntityIndex users = new();
        return [.. _set.Set.Spine.Ids[0].Select(id => users.FindOrAdd(id))];
    }

    /// <summary>The rows for encoders.</summary>
    /// <param name="training">Rows that they may learn from.</param>
    /// <param name="isRetrievalAlone">True to leave the features out.</param>
    public EncoderRows ForEncoders(IEnumerable<int> training, bool isRetrievalAlone = false)
    {
        TrainingSet set = _set.Set;
        int features = isRetrievalAlone ? 0 : set.FeatureCount;
        int width = features + (_retrieval is null ? 0 : 1);
        float[] values = new float[(long)Count * width];
        for (int row = 0; row < Count; row++)
        {
            set.Row(row)[..features].CopyTo(values.AsSpan(row * width));
            if (_retrieval is not null)
            {
                values[(row * width) + features] = _retrieval[row];
            }
        }

        bool[] isTraining = new bool[Count];
        foreach (int row in training)
        {
            isTraining[row] = true;
        }

        return new EncoderRows
        {
            Numbers =
            [
                .. set.Description.Features.Take(features),
                .. _retrieval is null ? [] : (string[])[RowModel.RetrievalScore],
            ],
            Values = values,
            Texts = isRetrievalAlone ? [] : _texts,
            Labels = Labels,
            Times = set.Spine.Times,
            LabelMicros = _labelMicros,
            IsTraining = isTraining,
        };
    }

    /// <summary>Encoded rows with their labels.</summary>
    public LabelledRows Join(FeatureEncoders encoders, EncodedRows rows) => new()
    {
        DenseCount = encoders.DenseCount,
        SparseCount = encoders.SparseCount,
        Fields = [.. encoders.FeatureOfDense, .. encoders.FeatureOfSparse],
        Dense = rows.Dense,
        Starts = rows.Starts,
        Columns = rows.Columns,
        Values = rows.Values,
        Categories = [.. encoders.Categories],
        Labels = Labels,
    };

    /// <summary>Encodes the rows, none of which was learned from, and scores them.</summary>
    public float[] Score(RowModel model)
    {
        LabelledRows rows = Join(model.Encoders, model.Encoders.Encode(ForEncoders([])));
        float[] scores = new float[Count];
        model.Scorer.ScoreRows(rows.Features, scores);
        return scores;
    }

    /// <summary>The rows as lists to judge by, and the row behind each place.</summary>
    public (ShownLists Lists, int[] Rows) ToLists()
    {
        int[] users = Users();
        int[] order = [.. Enumerable.Range(0, Count).OrderBy(row => users[row]).ThenBy(row => _set.Requests[row])];
        List<int> listUsers = [];
        List<int> starts = [];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == 0 || _set.Requests[order[i]] != _set.Requests[order[i - 1]])
            {
                listUsers.Add(users[order[i]]);
                starts.Add(i);
            }
        }

        starts.Add(order.Length);
        ShownLists lists = new()
        {
            Users = [.. listUsers],
            Starts = [.. starts],
            Items = order,
            Chosen = [.. order.Select(row => Labels[row] > 0)],
        };
        return (lists, order);
    }
}
