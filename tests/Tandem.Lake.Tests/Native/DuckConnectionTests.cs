using Tandem.Faults;
using Tandem.Lake.Native;

namespace Tandem.Lake.Tests.Native;

public sealed class DuckConnectionTests
{
    private const string Endless =
        "select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = 7";

    [Fact]
    public void Execute_WhenCancelled_InterruptsTheQuery()
    {
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();
        using CancellationTokenSource cancelling = new(TimeSpan.FromMilliseconds(50));

        Assert.Throws<OperationCanceledException>(() => connection.Execute(Endless, cancelling.Token));

        // The connection is good for the next query.
        Assert.Equal(7, connection.Whole("select 7::bigint", CancellationToken.None));
    }

    [Fact]
    public void InterruptOn_ATokenCancelledBeforeTheQueryBegins_StillEndsIt()
    {
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();

        using (connection.InterruptOn(new CancellationToken(canceled: true)))
        {
            TandemException failure = Assert.Throws<TandemException>(
                () => connection.Execute(Endless, CancellationToken.None));
            Assert.Contains("INTERRUPT", failure.Fault.What, StringComparison.Ordinal);
        }

        Assert.Equal(7, connection.Whole("select 7::bigint", CancellationToken.None));
    }

    [Fact]
    public async Task Execute_CancelledAsTheQueryBegins_AlwaysEnds()
    {
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();
        for (int round = 0; round < 200; round++)
        {
            using CancellationTokenSource cancelling = new();
            using SemaphoreSlim begins = new(0);
            var query = Task.Run(() =>
            {
                begins.Release();
                connection.Execute(Endless, cancelling.Token);
            });

            // From before the token is first looked at to well into the query.
            await begins.WaitAsync();
            Thread.SpinWait(round * round);
            await cancelling.CancelAsync();

            await Assert.ThrowsAsync<OperationCanceledException>(() => query);
        }

        Assert.Equal(7, connection.Whole("select 7::bigint", CancellationToken.None));
    }

    [Fact]
    public void Read_WhenAStreamFailsMidway_Throws()
    {
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();
        using DuckStatement statement = connection.Prepare(
            "select case when range = 900000 then error('midway') else 'x' end from range(1000000)");
        using DuckReader reader = statement.Stream(CancellationToken.None);
        long rows = 0;

        TandemException failure = Assert.Throws<TandemException>(() =>
        {
            while (reader.Read())
            {
                rows += reader.RowCount;
            }
        });

        Assert.Equal("LAK002", failure.Fault.Code);
        Assert.InRange(rows, 1, 900_000);
    }

    [Fact]
    public void Prepare_OfWrongSql_Throws()
    {
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();

        Assert.Equal("LAK002", Assert.Throws<TandemException>(() => connection.Prepare("selct 1")).Fault.Code);
    }

    [Fact]
    public void Array_OfAFixedLength_IsDense()
    {
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();
        using DuckStatement statement = connection.Prepare(
            "select [range, range + 0.5, -1]::float[3] from range(4) order by range");
        using DuckReader reader = statement.Stream(CancellationToken.None);

        Assert.True(reader.Read());
        ReadOnlySpan<float> values = reader.Array<float>(0, out int length);

        Assert.Equal(3, length);
        Assert.Equal([0, 0.5f, -1, 1, 1.5f, -1, 2, 2.5f, -1, 3, 3.5f, -1], values.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("twelve bytes")]
    [InlineData("more than twelve bytes, with ünïcode")]
    public void Bind_OfAText_GivesItBack(string text)
    {
        using DuckDatabase database = LakeDatabase.Open(new LakeOptions(), "");
        using DuckConnection connection = database.Connect();
        using DuckStatement statement = connection.Prepare("select ?::varchar, ?::bigint is null");
        statement.Bind(1, text);
        statement.Bind(2, null);

        using DuckReader reader = statement.Execute(CancellationToken.None);

        Assert.True(reader.Read());
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(reader.Utf8(0, 0)));
        Assert.True(reader.Column<bool>(1)[0]);
    }
}
