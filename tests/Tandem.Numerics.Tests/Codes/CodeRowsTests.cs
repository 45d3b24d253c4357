using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Tandem.Numerics.Codes;

namespace Tandem.Numerics.Tests.Codes;

public sealed class CodeRowsTests
{
    [Fact]
    public void Score_EveryInstructionSetAgreesWithItsTwin_AtEveryDimension()
    {
        for (int dimension = 1; dimension <= 140; dimension++)
        {
            int stride = CodeRows.StrideOf(dimension);
            byte[] rows = new byte[20 * stride];
            float[] scales = new float[20];
            for (int row = 0; row < 20; row++)
            {
                scales[row] = ByteCodes.Quantise(
                    KernelTests.Draw(dimension, (ulong)((dimension * 100) + row)),
                    MemoryMarshal.Cast<byte, sbyte>(rows.AsSpan(row * stride, stride)));
            }

            CodeQuery query = new(dimension);
            query.Set(KernelTests.Draw(dimension, 9));
            int[] ids = [3, 0, 19, 3];
            float[] scores = new float[4];

            CodeRows.Score(rows, scales, ids, query, scores);

            ReadOnlySpan<sbyte> codes = MemoryMarshal.Cast<int, sbyte>(query.Words);
            for (int i = 0; i < ids.Length; i++)
            {
                ReadOnlySpan<byte> row = rows.AsSpan(ids[i] * stride, stride);
                int sum = 0;
                for (int j = 0; j < stride; j++)
                {
                    sum += (sbyte)row[j] * codes[j];
                }

                Assert.Equal(scales[ids[i]] * sum, scores[i]);
                int self = 0;
                foreach (sbyte code in MemoryMarshal.Cast<byte, sbyte>(row))
                {
                    self += code * code;
                }

                Assert.Equal(
                    scales[ids[i]] * scales[ids[i]] * self,
                    CodeRows.Product(rows, scales, ids[i], ids[i], dimension));
                Assert.Equal(sum, CodeRows.DotScalar(in row[0], in query.Words[0], stride));
                Assert.True(!Avx2.IsSupported || sum == CodeRows.DotAvx2(in row[0], in query.Words[0], stride));
                Assert.True(!AvxVnni.IsSupported || sum == CodeRows.DotVnni(in row[0], in query.Words[0], stride));
            }
        }
    }

    [Theory]
    [InlineData(1, 32)]
    [InlineData(32, 32)]
    [InlineData(33, 64)]
    [InlineData(65, 128)]
    public void StrideOf_IsHalfALineOrWholeLines(int dimension, int stride) =>
        Assert.Equal(stride, CodeRows.StrideOf(dimension));
}
