using System.Runtime.Intrinsics.X86;
using Tandem.Numerics.Codes;

namespace Tandem.Numerics.Tests.Codes;

public sealed class CodeBlocksTests
{
    [Fact]
    public void Scan_EveryInstructionSetAgreesWithItsTwin_AtEveryDimension()
    {
        for (int dimension = 1; dimension <= 70; dimension++)
        {
            var case1 = Case.Draw(dimension, count: 37, seed: (ulong)dimension);

            Assert.Equal(case1.Twin(), case1.Run<ScalarMath>());
            if (Avx2.IsSupported)
            {
                Assert.Equal(case1.Twin(), case1.Run<Avx2Math>());
            }

            if (Avx512BW.IsSupported)
            {
                Assert.Equal(case1.Twin(), case1.Run<Avx512Math>());
            }

            if (AvxVnni.IsSupported)
            {
                Assert.Equal(case1.Twin(), case1.Run<VnniMath>());
            }
        }
    }

    [Fact]
    public void ScanFour_EveryInstructionSetAgreesWithOneByOne()
    {
        for (int dimension = 1; dimension <= 70; dimension++)
        {
            Case[] cases = [.. Enumerable.Range(0, 4).Select(i => Case.Draw(dimension, 37, 5, (ulong)i + 100))];

            CheckFour<ScalarMath>(cases);
            if (Avx2.IsSupported)
            {
                CheckFour<Avx2Math>(cases);
            }

            if (Avx512BW.IsSupported)
            {
                CheckFour<Avx512Math>(cases);
            }

            if (AvxVnni.IsSupported)
            {
                CheckFour<VnniMath>(cases);
            }
        }
    }

    [Fact]
    public void Scan_LargestCodesOfEitherSign_DoNotOverflow()
    {
        foreach (float sign in new[] { 1f, -1f })
        {
            float[] vector = [.. Enumerable.Repeat(1f, 64)];
            Case extreme = new([vector], [.. vector.Select(x => x * sign)]);

            Assert.Equal(extreme.Twin(), extreme.Run<ScalarMath>());
            if (Avx2.IsSupported)
            {
                Assert.Equal(extreme.Twin(), extreme.Run<Avx2Math>());
            }

            if (Avx512BW.IsSupported)
            {
                Assert.Equal(extreme.Twin(), extreme.Run<Avx512Math>());
            }

            if (AvxVnni.IsSupported)
            {
                Assert.Equal(extreme.Twin(), extreme.Run<VnniMath>());
            }
        }
    }

    [Fact]
    public void Scan_Filtered_OffersTheAllowedAlone()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            SeededRandom random = new(seed);
            var case1 = Case.Draw(9, 150, seed);
            ulong[] allowed = new ulong[IdBits.WordsOf(150)];
            int[] ids = [.. Enumerable.Range(0, 160).Select(place => (place * 7) % 150)];
            for (int i = 0; i < 40; i++)
            {
                IdBits.Add(allowed, random.NextInt(150));
            }

            Assert.Equal(
                case1.Twin().Where(pair => IdBits.Has(allowed, pair.Id)), case1.Scan([], allowed));
            Assert.Equal(
                case1.Twin().Select(pair => (pair.Score, Id: ids[pair.Id])).Where(pair => IdBits.Has(allowed, pair.Id))
                    .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Id),
                case1.Scan(ids, allowed));
        }
    }

    [Fact]
    public void Scan_BeyondTheBlocks_IsRefused()
    {
        var case1 = Case.Draw(4, 16, 1);

        Assert.Throws<ArgumentOutOfRangeException>(
            () => CodeBlocks.Scan(case1.Blocks, 0, 2, case1.Query, new BestList(), [], default));
    }

    private static void CheckFour<TMath>(Case[] cases)
        where TMath : struct, IBlockMath
    {
        FourQueries four = new(cases[0].Vector.Length);
        BestList[] best = [new(), new(), new(), new()];
        for (int i = 0; i < 4; i++)
        {
            four.Set(i, cases[i].Vector);
            best[i].Reset(100);
        }

        CodeBlocks.ScanFour<TMath>(cases[0].Blocks, 0, cases[0].BlockCount, four, best, []);

        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(cases[i].Twin(), Case.Finish(best[i]));
        }
    }

    /// <summary>Some vectors in blocks, and a query.</summary>
    private sealed class Case
    {
        private readonly float[][] _rows;

        public Case(float[][] rows, float[] query)
        {
            _rows = rows;
            Vector = query;
            int size = CodeBlocks.BytesOf(query.Length);
            BlockCount = (rows.Length + CodeBlocks.Lanes - 1) / CodeBlocks.Lanes;
            Blocks = new byte[BlockCount * size];
            CodeBlocks.Clear(Blocks, query.Length);
            for (int row = 0; row < rows.Length; row++)
            {
                sbyte[] codes = new sbyte[query.Length];
                float scale = ByteCodes.Quantise(rows[row], codes);
                CodeBlocks.Put(Blocks.AsSpan(row / 16 * size, size), row % 16, codes, scale);
            }

            Query = new CodeQuery(query.Length);
            Query.Set(query);
        }

        public float[] Vector { get; }

        public byte[] Blocks { get; }

        public int BlockCount { get; }

        public CodeQuery Query { get; }

        public static Case Draw(int dimension, int count, ulong seed, ulong? querySeed = null) => new(
            [.. Enumerable.Range(0, count).Select(row => KernelTests.Draw(dimension, (seed * 1000) + (ulong)row))],
            KernelTests.Draw(dimension, (querySeed ?? seed) + 77));

        public (float Score, int Id)[] Twin()
        {
            sbyte[] query = new sbyte[Vector.Length];
            ByteCodes.Quantise(Vector, query);
            sbyte[] codes = new sbyte[Vector.Length];
            List<(float Score, int Id)> all = [];
            for (int row = 0; row < _rows.Length; row++)
            {
                float scale = ByteCodes.Quantise(_rows[row], codes);
                long sum = codes.Zip(query, static (x, y) => (long)x * y).Sum();
                all.Add(((int)sum * scale, row));
            }

            return [.. all.OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Id)];
        }

        public (float Score, int Id)[] Run<TMath>()
            where TMath : struct, IBlockMath
        {
            BestList best = new();
            best.Reset(1000);
            CodeBlocks.Scan<TMath>(Blocks, 0, BlockCount, Query, best, [], default);
            return Finish(best);
        }

        public (float Score, int Id)[] Scan(int[] ids, ulong[] allowed)
        {
            BestList best = new();
            best.Reset(1000);
            CodeBlocks.Scan(Blocks, 0, BlockCount, Query, best, ids, new RowFilter(allowed));
            return Finish(best);
        }

        public static (float Score, int Id)[] Finish(BestList best)
        {
            int[] ids = new int[1000];
            float[] scores = new float[1000];
            int found = best.Finish(ids, scores);
            return [.. scores.Take(found).Zip(ids.Take(found))];
        }
    }
}
