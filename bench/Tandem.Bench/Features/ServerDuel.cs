using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Tandem.Backends.Postgres;
using Tandem.Events;
using Tandem.Features;

namespace Tandem.Bench.Features;

/// <summary>Online features in PostgreSQL while events are applied, against a bare query for the same rows: what the
/// server and the way to it cost whoever asks.</summary>
internal static class ServerDuel
{
    private const int UserCount = 20_000;
    private const int EventsPerUser = 50;
    private const int PerSecond = 2_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        PostgresOptions settings = new()
        {
            Address = PostgresAddress.Parse(options.FeatureServer!, options.FeaturePassword),
            Name = $"bench.{Path.GetRandomFileName()}",
            Patience = TimeSpan.FromSeconds(10),
        };
        using ScratchFolder folder = new(options.Folder);
        await using FileJournal journal = await FeatureBenchmark.OpenAsync(folder, cancellationToken);
        using PostgresStore writer = new(FeatureSystem.Views, settings);
        using PostgresStore reader = new(FeatureSystem.Views, settings);
        try
        {
            using (FeatureStore filling = new(FeatureSystem.Views))
            {
                await FeatureBenchmark.FillAsync(journal, filling, UserCount, EventsPerUser, cancellationToken);
                await writer.FillAsync(filling, cancellationToken);
            }

            await using AppliedLoad load = new(writer, journal, UserCount, PerSecond);
            var watch = Stopwatch.StartNew();
            List<Figure> figures =
                [.. await MeasureAsync(options, settings, reader, 1, 250, null, cancellationToken),
                .. await MeasureAsync(options, settings, reader, 100, 50, 5, cancellationToken)];
            figures.Add(new Figure
            {
                Name = "in PostgreSQL: applied meanwhile",
                Unit = "events/s",
                Value = load.Applied / watch.Elapsed.TotalSeconds,
            });
            figures.Add(new Figure
            {
                Name = "in PostgreSQL: from the append to the value, p99",
                Unit = "ms",
                Value = FeatureBenchmark.Percentile(load.Freshness(), 0.99),
            });
            return figures;
        }
        finally
        {
            await writer.DropAsync(CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(
        BenchOptions options, PostgresOptions settings, PostgresStore store, int rows, int features, double? most,
        CancellationToken cancellationToken)
    {
        FeatureSet set = FeatureSystem.Choose(features);
        await using NpgsqlDataSource source = Source(settings.Address);
        string statement = $"select key, series from {SeriesKeys.Schema(settings.Name)}.series where key = any($1)";
        SeriesKeys keys = new(new FeatureStore(FeatureSystem.Views).Kinds);
        var entities = new EntityKey[rows];
        string[] ids = new string[rows];
        float[] values = new float[rows * features];
        List<double> medians = [];
        List<double> peers = [];
        Figure slowest = await Duel.RunAsync(
            options.Rounds, () => TimeAsync(OursAsync, medians), () => TimeAsync(PeerAsync, peers), cancellationToken);
        double ours = FeatureBenchmark.Percentile([.. medians], 0.5);
        double bare = FeatureBenchmark.Percentile([.. peers], 0.5);
        string name = $"in PostgreSQL: {rows} × {features} features";
        return
        [
            slowest with { Name = $"{name}, p99", Unit = "ms", Peer = "bare query for the same rows", AtMost = most },
            new Figure
            {
                Name = $"{name}, p50",
                Unit = "ms",
                Value = ours,
                Peer = "the same at its p50",
                PeerValue = bare,
                Ratio = ours / bare,
            },
        ];

        async Task OursAsync()
        {
            using FeatureLease lease = await store.FetchAsync(entities, cancellationToken: cancellationToken);
            lease.Store.Reader(set).Read("user", ids, TimeProvider.System.GetUtcNow(), values);
        }

        async Task PeerAsync()
        {
            await using NpgsqlCommand command = source.CreateCommand(statement);
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = keys.Of(entities),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
            });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                await reader.GetFieldValueAsync<byte[]>(0, cancellationToken);
                await reader.GetFieldValueAsync<byte[]>(1, cancellationToken);
            }
        }

        // A request every five milliseconds: what waits for a processor is the machine's, what takes long is ours.
        async Task<double> TimeAsync(Func<Task> ask, List<double> medians)
        {
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
            List<double> times = [];
            var watch = Stopwatch.StartNew();
            for (int n = 0; watch.Elapsed.TotalSeconds < options.Seconds; n += rows)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                for (int i = 0; i < rows; i++)
                {
                    ids[i] = FeatureSystem.User((int)((n + i) * 7_919L % UserCount));
                    entities[i] = new EntityKey("user", ids[i]);
                }

                long begun = Stopwatch.GetTimestamp();
                await ask();
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            medians.Add(FeatureBenchmark.Percentile([.. times], 0.5));
            return FeatureBenchmark.Percentile([.. times], 0.99);
        }
    }

    private static NpgsqlDataSource Source(PostgresAddress address) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port,
            Database = address.Database,
            Username = address.User,
            Password = address.Password,
            SslMode = address.Mode,
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 1,
            NoResetOnClose = true,
        });
}
