using System.Globalization;
using System.Text;
using Tandem.Features.Evaluation;

namespace Tandem.Features.Tests.Evaluation;

public sealed class SeriesShelfTests
{
    private static readonly SeriesPlan Plan =
        SeriesPlan.PlanAll(TestSystem.Views, []).First(plan => plan.Entity == "user" && plan.Where.Count == 0);

    private static SeriesMemory Unlimited => new(long.MaxValue, folder: null);

    [Fact]
    public void Pack_WhileEventsArrive_GivesTheShelfAsItWasAtTheBeginning()
    {
        var ids = new EntityIndex();
        var shelf = new SeriesShelf(Plan, ids, new EntityIndex(), Unlimited);
        var twin = new SeriesShelf(Plan, ids, new EntityIndex(), Unlimited);
        for (int i = 0; i < 30; i++)
        {
            Add(shelf, user: i % 10, time: i);
            Add(twin, user: i % 10, time: i);
        }

        // One packed already, one still waiting, one that nobody met before.
        var actual = new PackWriter();
        shelf.BeginPack();
        shelf.Pack(5, actual);
        int first = actual.Count;
        Add(shelf, user: 2, time: 100);
        Add(shelf, user: 7, time: 101);
        Add(shelf, user: 7, time: 102);
        Add(shelf, user: 11, time: 103);
        shelf.Pack(10_000, actual);
        int end = shelf.Pack(1, actual);

        var expected = new PackWriter();
        twin.BeginPack();
        twin.Pack(5, expected);
        Assert.Equal(first, expected.Count);
        twin.Pack(10_000, expected);
        Assert.Equal(expected.Written.ToArray(), actual.Written.ToArray());
        Assert.Equal(-1, end);
    }

    private static void Add(SeriesShelf shelf, int user, long time)
    {
        var row = new SourceRow(Plan.Shape.Columns.Count);
        row.Clear();
        (row.EventTime, row.KnownTime, row.IdHash) = (time, time, (uint)time);
        row.Set(Plan.EntityColumn, Encoding.UTF8.GetBytes("u" + user.ToString(CultureInfo.InvariantCulture)));
        shelf.Add(row, 0);
    }
}
