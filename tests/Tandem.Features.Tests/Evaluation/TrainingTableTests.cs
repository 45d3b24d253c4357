using Tandem.Faults;
using Tandem.Features.Evaluation;

namespace Tandem.Features.Tests.Evaluation;

public sealed class TrainingTableTests
{
    private static readonly Spine Spine = new()
    {
        Entities = ["user"],
        Ids = [["u1", "u1"]],
        Times = [1, 2],
        Labels = [1, 0],
        Parts = ["a", "a"],
    };

    [Fact]
    public void Write_OfTwoRows_WritesTheFrozenBytes()
    {
        string hex = Convert.ToHexStringLower(TrainingTable.Write(TrainingTable.WriteRows(Spine), [0.5f, float.NaN], 1));

        const string Index = "54444d4549445800" + "01000000" + "01000000";
        Assert.Equal(
            "54444d5453455400" + "01000000" + "02000000" + "01000000" + "01000000" + "05000000" + "00000000"
            + "0100000000000000" + "0200000000000000" + "0000803f" + "00000000"
            + "19000000" + Index + "01000000" + "01000000" + "61" + "00000000" + "00000000"
            + "1a000000" + Index + "02000000" + "02000000" + "7531" + "00000000" + "00000000"
            + "0000003f" + "0000c0ff",
            hex);
    }

    [Fact]
    public void Read_OfBytesCutAnywhere_SaysSo()
    {
        byte[] whole = TrainingTable.Write(TrainingTable.WriteRows(Spine), [0.5f, float.NaN], 1);

        for (int length = 0; length < whole.Length; length++)
        {
            TandemException refused = Assert.Throws<TandemException>(
                () => TrainingTable.Read(whole.AsSpan(0, length), Spine.Entities, "sha256:x"));
            Assert.Contains(refused.Fault.Code, (string[])["FEA012", "FEA007"], StringComparer.Ordinal);
        }
    }
}
