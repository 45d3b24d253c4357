using Tandem.Features;
using Tandem.Learning;
using Tandem.Monitoring.Drift;
using Tandem.Numerics.Statistics;
using Tandem.Spec;
using Tandem.Training.Leaks;

namespace Tandem.Training.Tables;

/// <summary>What the figures of a table must be read with: how often labels occur, whether the rows that judge lie otherwise
/// than those to learn from, and features that tell the label all by themselves.</summary>
internal static class TableChecks
{
    // Standard errors between two rates that no chance explains.
    private const double Certain = 3;

    // Area under the curve of a feature that tells who was treated: what is drawn at random has .5.
    private const double MostTold = 0.55;

    public static IReadOnlyList<DataCheck> Find(RowTable table, SystemSpec spec, TableSplit split)
    {
        RowFold first = split.Repeats[0][0];
        (int[] train, int[] test) = (first.Train, first.Test);
        List<DataCheck> checks = [BaseRate(table, train, test, split.IsByTime)];
        if (split.IsByTime || spec.Training.Split.By == SplitSpec.Files)
        {
            checks.AddRange(Numbers(table, spec, train, test));
            checks.AddRange(Texts(table, spec.Monitoring.Drift, train, test));
        }

        if (table.Target.Kind == RowTargetKind.Binary)
        {
            checks.AddRange(Leaks(table, table.Labels, spec.Training.MostAlone, train, Leak));
        }

        if (table.Treated.Length > 0)
        {
            checks.Add(Arms(table, train, test));
            checks.AddRange(Leaks(
                table, [.. table.Treated.Select(static treated => treated ? 1f : 0f)], MostTold, train, Chosen));
        }

        return checks;
    }

    private static DataCheck BaseRate(RowTable table, int[] train, int[] test, bool isByTime)
    {
        (double before, double deviation) = MeanOf(table, train);
        (double after, _) = MeanOf(table, test);
        double error = deviation * Math.Sqrt((1.0 / train.Length) + (1.0 / test.Length));
        bool moved = isByTime && Math.Abs(after - before) > Certain * error;
        string what = table.Target.Kind switch
        {
            RowTargetKind.Binary or RowTargetKind.Multilabel => "share of positives",
            RowTargetKind.Multiclass => $"share of the most common class, {table.Classes[MostCommon(table)]}",
            RowTargetKind.Order => "mean grade",
            _ => "mean label",
        };
        bool isShare = table.Target.Kind is RowTargetKind.Binary or RowTargetKind.Multilabel or RowTargetKind.Multiclass;
        string words = FormattableString.Invariant(
            $"{what}: {Said(before, isShare)} of {train.Length:N0} rows to learn from, {Said(after, isShare)} of {test.Length:N0} that judge");
        return new DataCheck(
            "base-rate", null, moved, moved ? words + "; it moved, so probabilities will be off" : words,
            Figures(("train", before), ("test", after)));
    }

    private static string Said(double value, bool isShare) =>
        isShare ? FormattableString.Invariant($"{100 * value:0.0#} %") : FormattableString.Invariant($"{value:0.####}");

    private static IEnumerable<DataCheck> Numbers(RowTable table, SystemSpec spec, int[] train, int[] test)
    {
        DriftSpec drift = spec.Monitoring.Drift;
        DriftMonitor monitor = new(
            new DriftOptions
            {
                MinimumPsi = drift.MinimumPsi,
                MinimumKs = drift.MinimumKs,
                Alpha = drift.Alpha,
                MinimumRows = drift.MinimumRows,
            },
            TimeProvider.System);
        float[][] columns = [.. Enumerable.Range(0, table.Numbers.Count).Select(table.Column)];
        DriftReport report = monitor.Compare(
            spec.Name, "the rows to learn from",
            [.. columns.Select((column, i) => FeatureProfile.Of(table.Numbers[i], Take(column, train)))],
            [.. columns.Select((column, i) => new FeatureColumn(table.Numbers[i], Take(column, test)))]);
        return report.Features.Where(static feature => feature.Verdict == DriftVerdict.Drifted)
            .OrderByDescending(static feature => feature.Psi ?? 0)
            .Select(static feature => new DataCheck(
                "drift", feature.Name, true, feature.Words,
                Figures(("psi", feature.Psi ?? 0), ("ks", feature.Ks ?? 0))));
    }

    /// <summary>Texts by the shares of their values; what chance alone moves, (values − 1)·(1/n + 1/m), is not
    /// counted.</summary>
    private static IEnumerable<DataCheck> Texts(RowTable table, DriftSpec drift, int[] train, int[] test)
    {
        if (Math.Min(train.Length, test.Length) < drift.MinimumRows)
        {
            yield break;
        }

        foreach (TextColumn column in table.Texts)
        {
            Dictionary<string, double> before = Shares(column, train);
            Dictionary<string, double> after = Shares(column, test);
            string[] values = [.. before.Keys.Union(after.Keys, StringComparer.Ordinal)];
            double psi = PopulationStability.OfShares(
                [.. values.Select(value => before.GetValueOrDefault(value))],
                [.. values.Select(value => after.GetValueOrDefault(value))]);
            double chance = (values.Length - 1) * ((1.0 / train.Length) + (1.0 / test.Length));
            if (psi - (Certain * chance) > drift.MinimumPsi)
            {
                string most = values.MaxBy(value => Math.Abs(after.GetValueOrDefault(value) - before.GetValueOrDefault(value)))!;
                yield return new DataCheck(
                    "drift", column.Name, true,
                    FormattableString.Invariant(
                        $"{column.Name} lies otherwise: '{most}' went from {100 * before.GetValueOrDefault(most):0.0} % to {100 * after.GetValueOrDefault(most):0.0} % of the rows (population stability index {psi:0.00})."),
                    Figures(("psi", psi)));
            }
        }
    }

    private static DataCheck Arms(RowTable table, int[] train, int[] test)
    {
        double before = train.Count(row => table.Treated[row]) / (double)train.Length;
        double after = test.Count(row => table.Treated[row]) / (double)test.Length;
        return new DataCheck(
            "treatment", null, false,
            FormattableString.Invariant(
                $"share of the treated: {Said(before, isShare: true)} of {train.Length:N0} rows to learn from, {Said(after, isShare: true)} of {test.Length:N0} that judge"),
            Figures(("train", before), ("test", after)));
    }

    /// <summary>Features that alone tell rows of label 1 from the others.</summary>
    private static IEnumerable<DataCheck> Leaks(
        RowTable table, float[] ofRows, double mostAlone, int[] train,
        Func<string, AreaUnderCurve, double, DataCheck> say)
    {
        bool[] labels = [.. train.Select(row => ofRows[row] > 0)];
        for (int i = 0; i < table.Numbers.Count; i++)
        {
            if (LeakCheck.TooGoodAlone(Take(table.Column(i), train), labels, mostAlone) is { } area)
            {
                yield return say(table.Numbers[i], area, mostAlone);
            }
        }

        foreach (TextColumn column in table.Texts)
        {
            // Rates of the values on every other row, judged on those between.
            int[] odd = [.. train.Where((_, i) => i % 2 == 1)];
            Dictionary<string, (double Positives, int Rows)> rates = new(StringComparer.Ordinal);
            foreach (int row in train.Where((_, i) => i % 2 == 0))
            {
                (double positives, int rows) = rates.GetValueOrDefault(TextOf(column, row));
                rates[TextOf(column, row)] = (positives + ofRows[row], rows + 1);
            }

            float[] rate = [.. odd.Select(row => rates.TryGetValue(TextOf(column, row), out (double Positives, int Rows) found)
                ? (float)((found.Positives + 0.5) / (found.Rows + 1))
                : 0.5f)];
            if (LeakCheck.TooGoodAlone(rate, [.. odd.Select(row => ofRows[row] > 0)], mostAlone) is { } area)
            {
                yield return say(column.Name, area, mostAlone);
            }
        }
    }

    private static DataCheck Chosen(string column, AreaUnderCurve area, double mostAlone) => new(
        "treatment", column, true,
        FormattableString.Invariant(
            $"{column} tells who was treated with an area under the curve of {Math.Max(area.Value, 1 - area.Value):F3}: treatment was not drawn at random, or the column is written after it. Figures of uplift then say nothing; drop what is written after it."),
        Figures(("auc", area.Value)));

    private static DataCheck Leak(string column, AreaUnderCurve area, double mostAlone) => new(
        "leak", column, true,
        FormattableString.Invariant(
            $"{column} alone tells positives from negatives with an area under the curve of {Math.Max(area.Value, 1 - area.Value):F3}, more than the {mostAlone:0.###} allowed: is it written by the outcome? Drop it, or raise training.most_alone."),
        Figures(("auc", area.Value)));

    private static (double Mean, double Deviation) MeanOf(RowTable table, int[] rows)
    {
        int width = table.Target.LabelCount;
        int common = table.Target.Kind == RowTargetKind.Multiclass ? MostCommon(table) : -1;
        double sum = 0;
        double squares = 0;
        foreach (int row in rows)
        {
            for (int head = 0; head < width; head++)
            {
                double label = table.Labels[(row * width) + head];
                label = common < 0 ? label : label == common ? 1 : 0;
                sum += label;
                squares += label * label;
            }
        }

        double count = (double)rows.Length * width;
        double mean = sum / count;
        return (mean, Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))));
    }

    private static int MostCommon(RowTable table) =>
        (int)table.Labels.GroupBy(static label => label).MaxBy(static same => same.Count())!.Key;

    private static Dictionary<string, double> Shares(TextColumn column, int[] rows) => rows
        .GroupBy(row => TextOf(column, row), StringComparer.Ordinal)
        .ToDictionary(static same => same.Key, same => same.Count() / (double)rows.Length, StringComparer.Ordinal);

    private static string TextOf(TextColumn column, int row) => column.Count(row) == 0 ? "" : column.Text(row, 0);

    private static float[] Take(float[] column, int[] rows) => [.. rows.Select(row => column[row])];

    private static Dictionary<string, double> Figures(params ReadOnlySpan<(string Name, double Value)> figures)
    {
        Dictionary<string, double> all = new(StringComparer.Ordinal);
        foreach ((string name, double value) in figures)
        {
            all[name] = value;
        }

        return all;
    }
}
