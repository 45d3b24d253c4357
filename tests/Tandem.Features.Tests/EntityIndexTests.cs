using System.Globalization;
using System.Text;
using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Features.Tests;

public sealed class EntityIndexTests
{
    [Fact]
    public void FindOrAdd_OfManyIds_AgreesWithADictionary()
    {
        var random = new SeededRandom(7);
        var index = new EntityIndex();
        var oracle = new Dictionary<string, int>(StringComparer.Ordinal);

        for (int i = 0; i < 50_000; i++)
        {
            string id = new string('é', random.NextInt(3)) + random.NextInt(20_000).ToString(CultureInfo.InvariantCulture);
            int expected = oracle.TryGetValue(id, out int known) ? known : oracle[id] = oracle.Count;
            int found = i % 2 == 0 ? index.FindOrAdd(id) : index.FindOrAdd(Encoding.UTF8.GetBytes(id));
            Assert.Equal(expected, found);
        }

        Assert.Equal(oracle.Count, index.Count);
        Assert.All(oracle, pair => Assert.Equal(pair.Key, index.Text(pair.Value)));
        Assert.Equal(-1, index.Find("absent"));
    }

    [Fact]
    public void Find_OfAKnownId_AllocatesNothing()
    {
        var index = new EntityIndex();
        index.FindOrAdd("user-1");
        index.Find("user-1");
        index.Find("user-1"u8);

        int sum = 0;
        long allocated = Allocations.Least(
            () => sum += index.Find("user-1") + index.Find("user-1"u8) + index.FindOrAdd("user-1"u8));

        Assert.Equal(0, sum);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Load_OfSavedBytes_GivesTheSameNumbers()
    {
        var index = new EntityIndex();
        foreach (string id in (string[])["b", "a", "", "日本"])
        {
            index.FindOrAdd(id);
        }

        byte[] bytes = index.Save();
        var loaded = EntityIndex.Load(bytes);

        Assert.Equal(4, loaded.Count);
        Assert.Equal(3, loaded.Find("日本"));
        Assert.Equal("", loaded.Text(2));
        Assert.Equal(bytes, loaded.Save());
        Assert.Equal(4, loaded.FindOrAdd("new"));
    }

    [Fact]
    public void Save_OfTwoIds_WritesTheFrozenBytes()
    {
        var index = new EntityIndex();
        index.FindOrAdd("u1");
        index.FindOrAdd("xyz");

        string hex = Convert.ToHexStringLower(index.Save());

        Assert.Equal("54444d4549445800" + "01000000" + "02000000" + "05000000" + "02000000" + "03000000" + "753178797a", hex);
    }

    [Fact]
    public void Load_OfDamagedBytes_SaysSo()
    {
        var index = new EntityIndex();
        index.FindOrAdd("u1");
        index.FindOrAdd("u2");
        byte[] whole = index.Save();
        byte[] twice = [.. whole];
        twice[^1] = (byte)'1';

        Assert.All(
            (byte[][])[[], whole[..^1], [1, .. whole[1..]], twice],
            bytes => Assert.Equal("FEA007", Assert.Throws<TandemException>(() => EntityIndex.Load(bytes)).Fault.Code));
    }

    [Fact]
    public async Task Find_WhileAnotherThreadAdds_NeverGivesAWrongNumber()
    {
        var index = new EntityIndex();
        string[] ids = [.. Enumerable.Range(0, 20_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        using var added = new CancellationTokenSource();

        Task<bool> reading = Task.Run(() =>
        {
            bool isRight = true;
            while (!added.IsCancellationRequested)
            {
                for (int i = 0; i < ids.Length; i += 97)
                {
                    int found = index.Find(ids[i]);
                    isRight &= found == -1 || found == i;
                }
            }

            return isRight;
        });
        foreach (string id in ids)
        {
            index.FindOrAdd(id);
        }

        await added.CancelAsync();

        Assert.True(await reading);
    }
}
