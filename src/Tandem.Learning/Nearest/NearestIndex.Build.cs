using System.Runtime.InteropServices;
using Tandem.Faults;
using Tandem.Learning.Files;
using Tandem.Numerics;

namespace Tandem.Learning.Nearest;

public sealed partial class NearestIndex
{
    /// <summary>Up to here an exact search is fast enough that nothing need be given up.</summary>
    private const int ExactUpTo = 50_000;

    /// <summary>Up to here reading all codes costs less than what a search in lists misses is worth.</summary>
    private const int Int8UpTo = 300_000;

    /// <summary>Recall above which only reading all codes is sure to give.</summary>
    private const double ListsUpTo = 0.99;

    private const int TuningQueries = 128;

    private const double EffortStep = 1.15;

    /// <summary>Builds an index.</summary>
    /// <param name="vectors">The vectors, one a row; kept, not copied, unless the metric is the cosine. Do not change
    /// them.</param>
    /// <param name="options">How.</param>
    /// <param name="queries">Queries like those to come, one a row, by which the effort is set; null takes some of the
    /// vectors.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TandemException">LRN031: a vector holds something that is no number, or is too
    /// long.</exception>
    /// <remarks>The same bytes for any thread count. <see cref="NearestKind.Exact"/> costs nothing, <see
    /// cref="NearestKind.Bytes"/> O(n·d²), <see cref="NearestKind.Ivf"/> O(n·lists·d), <see cref="NearestKind.Hnsw"/>
    /// about O(n·log n·width·d) on one thread.</remarks>
    public static NearestIndex Build(
        Matrix vectors, NearestOptions options, Matrix? queries, int threadCount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(options);
        ThrowUnlessFinite(vectors);
        Matrix kept = options.Metric == NearestMetric.Cosine ? Normalised(vectors) : vectors;
        return BuildOver(kept, options, queries, threadCount, cancellationToken);
    }

    /// <summary>Which kind a number of vectors gets.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="count">Number of vectors.</param>
    public static NearestKind Choose(NearestOptions options, int count)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Kind != NearestKind.Auto ? options.Kind
            : count <= ExactUpTo || options.Recall >= 1 ? NearestKind.Exact
            : count <= Int8UpTo || options.Recall > ListsUpTo ? NearestKind.Bytes
            : NearestKind.Ivf;
    }

    /// <summary>Measures the share of the true best that is found.</summary>
    /// <param name="queries">Queries, one a row.</param>
    /// <param name="top">How many are asked for at a time, ≥ 1.</param>
    /// <returns>The mean over the queries, 0 to 1; 1 where there is nothing to find.</returns>
    public double RecallOf(Matrix queries, int top) => RecallOf(queries, top, Truth(queries, top));

    /// <summary>Writes the index; the vectors are not part of it.</summary>
    /// <param name="target">Receives the bytes; left open.</param>
    /// <exception cref="InvalidOperationException">The index was changed since it was built.</exception>
    public void Save(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        NearestState state = Unchanged();
        NearestFile.Write(
            target,
            [
                .. Settings(Options),
                new("count", state.IdCount),
                new("dimension", Dimension),
                new("effort", state.Effort),
                new("recall", state.Recall),
                new("vectors_crc32c", Fingerprint(state.Built)),
                .. state.Source?.Settings ?? [],
            ],
            [
                new NearestSection("rotation", MemoryMarshal.AsBytes(state.Rotation.Values.AsSpan()).ToArray()),
                .. state.Source?.Sections ?? [],
            ]);
    }

    /// <summary>Opens an index that lies in memory, such as a mapped file; large arrays are not copied.</summary>
    /// <param name="file">The bytes; they must live as long as the index.</param>
    /// <param name="vectors">The vectors that it was built from.</param>
    /// <exception cref="TandemException">LRN033 to LRN036.</exception>
    public static NearestIndex Load(ReadOnlyMemory<byte> file, Matrix vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        NearestContent content = NearestFile.Read(file);
        NearestOptions options = OptionsIn(content);
        Matrix kept = options.Metric == NearestMetric.Cosine ? Normalised(vectors) : vectors;
        int count = content.Count("count");
        int dimension = content.Count("dimension");
        if (count != kept.RowCount || dimension != kept.ColumnCount
            || content.Setting("vectors_crc32c") != Fingerprint(kept))
        {
            throw new TandemException(
                LearningErrors.OtherVectors(count, dimension, kept.RowCount, kept.ColumnCount));
        }

        float[] rotation = MemoryMarshal.Cast<byte, float>(
            content.Section("rotation", (long)dimension * dimension * sizeof(float)).Span).ToArray();
        ICandidateSource? source = options.Kind switch
        {
            NearestKind.Exact => null,
            NearestKind.Bytes => ByteSource.Load(content, count, dimension),
            NearestKind.Ivf => IvfSource.Load(content, dimension),
            NearestKind.Hnsw => HnswSource.Load(content, count, dimension, options),
            _ => throw NearestContent.Damaged("there is no such kind"),
        };
        (int least, int most) = source?.Effort ?? (0, 0);
        return new NearestIndex(
            StateOf(
                kept, new Matrix(dimension, dimension, rotation), source, Math.Clamp(content.Count("effort"), least, most),
                content.Setting("recall")),
            options);
    }

    private static IReadOnlyList<KeyValuePair<string, double>> Settings(NearestOptions options) =>
    [
        new("kind", (int)options.Kind),
        new("metric", (int)options.Metric),
        new("seed", options.Seed),
        new("asked_recall", options.Recall),
        new("asked_top", options.Top),
        new("asked_lists", options.Lists ?? 0),
        new("degree", options.Degree),
        new("width", options.BuildWidth),
    ];

    private static NearestOptions OptionsIn(NearestContent content)
    {
        try
        {
            int lists = content.Count("asked_lists");
            return new NearestOptions
            {
                Kind = (NearestKind)content.Count("kind"),
                Metric = (NearestMetric)content.Count("metric"),
                Seed = (ulong)content.Setting("seed"),
                Recall = content.Setting("asked_recall"),
                Top = content.Count("asked_top"),
                Lists = lists == 0 ? null : lists,
                Degree = content.Count("degree"),
                BuildWidth = content.Count("width"),
            };
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw NearestContent.Damaged($"the option '{wrong.ParamName}' is {wrong.ActualValue}", wrong);
        }
    }

    /// <summary>Builds over vectors that are as the metric wants them.</summary>
    private static NearestIndex BuildOver(
        Matrix vectors, NearestOptions options, Matrix? queries, int threadCount, CancellationToken cancellationToken)
    {
        options = options with { Kind = Choose(options, vectors.RowCount) };
        Matrix rotation = RandomRotation.Make(vectors.ColumnCount, options.Seed);
        ICandidateSource? source = options.Kind switch
        {
            NearestKind.Bytes => ByteSource.Build(vectors, rotation, threadCount, cancellationToken),
            NearestKind.Ivf => IvfSource.Build(vectors, rotation, options, threadCount, cancellationToken),
            NearestKind.Hnsw => HnswSource.Build(vectors, rotation, options, threadCount, cancellationToken),
            _ => null,
        };
        NearestIndex made = new(
            StateOf(vectors, rotation, source, source?.Effort.Least ?? 0, recall: 1), options);
        return source is null || vectors.RowCount == 0
            ? made
            : made.Tuned(
                options, Some(queries is { RowCount: > 0 } ? queries : vectors, options.Seed), cancellationToken);
    }

    private static NearestState StateOf(
        Matrix vectors, Matrix rotation, ICandidateSource? source, int effort, double recall) => new()
        {
            Built = vectors,
            Rotation = rotation,
            Source = source,
            Effort = effort,
            Recall = recall,
            RowCount = vectors.RowCount,
            IdCount = vectors.RowCount,
            LiveCount = vectors.RowCount,
        };

    /// <summary>Finds the least effort, on a ladder of steps of 15 %, that gives the recall asked for.</summary>
    private NearestIndex Tuned(NearestOptions options, Matrix queries, CancellationToken cancellationToken)
    {
        int[] truth = Truth(queries, options.Top);
        (int least, int most) = _state.Source!.Effort;
        List<int> ladder = [least];
        while (ladder[^1] < most)
        {
            ladder.Add(Math.Min(most, Math.Max(ladder[^1] + 1, (int)(ladder[^1] * EffortStep))));
        }

        int low = 0;
        int high = ladder.Count - 1;
        while (low < high)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int middle = (low + high) / 2;
            bool isEnough = At(ladder[middle], 0).RecallOf(queries, options.Top, truth) >= options.Recall;
            (low, high) = isEnough ? (low, middle) : (middle + 1, high);
        }

        return At(ladder[low], At(ladder[low], 0).RecallOf(queries, options.Top, truth));
    }

    private NearestIndex At(int effort, double recall) =>
        new(_state with { Effort = effort, Recall = recall }, Options);

    private int[] Truth(Matrix queries, int top)
    {
        int[] truth = new int[queries.RowCount * top];
        new NearestIndex(_state with { Source = null }, Options).SearchMany(queries, [], top, truth, []);
        return truth;
    }

    private double RecallOf(Matrix queries, int top, int[] truth)
    {
        int[] found = new int[top];
        HashSet<int> best = [];
        long hits = 0;
        long wanted = 0;
        for (int i = 0; i < queries.RowCount; i++)
        {
            best.Clear();
            foreach (int id in truth.AsSpan(i * top, top))
            {
                if (id >= 0)
                {
                    best.Add(id);
                }
            }

            int count = Search(queries.Row(i), [], found, []);
            wanted += best.Count;
            foreach (int id in found.AsSpan(0, count))
            {
                hits += best.Contains(id) ? 1 : 0;
            }
        }

        return wanted == 0 ? 1 : (double)hits / wanted;
    }

    /// <summary>Some of the rows, spread evenly by chance; rows of zeros have no best.</summary>
    private static Matrix Some(Matrix rows, ulong seed)
    {
        SeededRandom random = new(seed, stream: 2);
        Matrix some = new(Math.Min(TuningQueries, rows.RowCount), rows.ColumnCount);
        for (int i = 0; i < some.RowCount; i++)
        {
            rows.Row(random.NextInt(rows.RowCount)).CopyTo(some.Row(i));
        }

        return some;
    }

    private static uint Fingerprint(Matrix vectors) => Crc32C.Append(0, MemoryMarshal.AsBytes(vectors.Values.AsSpan()));

    private static Matrix Normalised(Matrix vectors)
    {
        Matrix copy = new(vectors.RowCount, vectors.ColumnCount, [.. vectors.Values]);
        for (int row = 0; row < copy.RowCount; row++)
        {
            Normalise(copy.Row(row));
        }

        return copy;
    }

    private static void ThrowUnlessFinite(Matrix vectors)
    {
        for (int row = 0; row < vectors.RowCount; row++)
        {
            if (!float.IsFinite(Kernel.Dot(vectors.Row(row), vectors.Row(row))))
            {
                throw new TandemException(LearningErrors.BadVector(row));
            }
        }
    }
}
