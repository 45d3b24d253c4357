using Tandem.Features;
using Tandem.Lake;
using Tandem.Storage;
using Tandem.Training;
using Tandem.Training.Leaks;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private const int LeastDigits = 6;

    /// <summary>Builds the training set of a window's impressions, and looks for leaks in it; saves nothing.</summary>
    /// <param name="from">Start of the window, inclusive; null for a day before <paramref name="to"/>.</param>
    /// <param name="to">Its end, exclusive; null for the newest moment whose labels are certain: as-of less the label's
    /// window.</param>
    /// <param name="asOf">Only what was known then counts; null for now.</param>
    /// <param name="maximumRows">Most rows.</param>
    /// <param name="isAnew">True to compute every column, even where a saved set has it.</param>
    /// <param name="progress">Receives the step and its share, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The set and what was found.</returns>
    /// <exception cref="Faults.TandemException">WSP068: no impression of the window is there or mature, or there are no
    /// features.</exception>
    public async Task<(LabelledSet Set, IReadOnlyList<LeakFinding> Leaks)> BuildSetAsync(
        DateTimeOffset? from = null, DateTimeOffset? to = null, DateTimeOffset? asOf = null,
        int maximumRows = LabelledSetRequest.DefaultRows, bool isAnew = false, IProgress<(string Step, double Share)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        DateTimeOffset moment = asOf ?? _options.Clock.GetUtcNow();
        DateTimeOffset end = to ?? moment - Spec.Objective.Label.Window;
        DateTimeOffset start = from ?? end.AddDays(-1);
        LabelledSetRequest request = new() { From = start, To = end, AsOf = moment, MaximumRows = maximumRows };
        using LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        progress?.Report(("join features to impressions", 0));
        Progress<double> joined = new(share =>
            progress?.Report(("join features to impressions", Math.Min(share, 0.999))));
        (LabelledSet? set, IReadOnlyList<LeakFinding> leaks) = await _training.BuildSetAsync(
            snapshot, request, joined, isAnew ? null : new EarlierSets(_store.Under(_layout.Features)), cancellationToken).ConfigureAwait(false);
        progress?.Report(("join features to impressions", 1));
        return set is null ? throw WorkspaceErrors.NoRows(start, end) : (set, leaks);
    }

    /// <summary>Saves a training set under its hash.</summary>
    /// <param name="set">The set.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task SaveSetAsync(TrainingSet set, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.SaveAsync(_store.Under(_layout.Features), cancellationToken);
    }

    /// <summary>Lists the saved training sets, newest as-of moment first.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<(string Hash, TrainingSetDescription Description)>> SetsAsync(
        CancellationToken cancellationToken = default)
    {
        List<(string Hash, TrainingSetDescription Description)> sets = await TrainingSet
            .ListAsync(_store.Under(_layout.Features), cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. sets.OrderByDescending(static set => set.Description.AsOf)];
    }

    /// <summary>Reads a saved training set.</summary>
    /// <param name="name">Its hash, or the first six or more of its digits; <c>sha256:</c> may stand before them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP069: no set has such a hash, or several have; FEA012, STO004: it is
    /// damaged.</exception>
    public async Task<TrainingSet> SetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string Prefix = "sha256:";
        string digits = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        IReadOnlyList<(string Hash, TrainingSetDescription Description)> sets =
            await SetsAsync(cancellationToken).ConfigureAwait(false);
        string[] found =
        [
            .. sets.Select(static set => set.Hash)
                .Where(hash => hash.AsSpan(Prefix.Length).StartsWith(digits, StringComparison.Ordinal)),
        ];
        return found.Length == 1 && digits.Length >= LeastDigits
            ? await TrainingSet.LoadAsync(_store.Under(_layout.Features), found[0], cancellationToken)
                .ConfigureAwait(false)
            : throw WorkspaceErrors.NoSet(name, found.Length, sets.Count);
    }
}
