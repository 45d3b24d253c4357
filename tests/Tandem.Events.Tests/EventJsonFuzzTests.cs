using System.Text;
using Tandem.Faults;

namespace Tandem.Events.Tests;

public sealed class EventJsonFuzzTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "\n", "\0", "1e999", "-", "NaN", "null", "true",
        "\"id\":", "\"data\":{", "\"time\":\"", "~", "/*", "\ufeff", "9223372036854775808",
    ];

    /// <summary>Whatever the bytes, reading gives an event or a fault, and an event that was read can be written and read
    /// again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_OfMutatedLines_NeverThrowsAnythingElse(int seed)
    {
        Random random = new(seed);
        byte[] original = Encoding.UTF8.GetBytes(Samples.Text(Samples.Full));
        int accepted = 0;

        for (int round = 0; round < 10_000; round++)
        {
            byte[] mutated = Mutate(original, random);
            try
            {
                if (EventJson.TryRead(mutated, out EventRecord? record, out Fault? fault))
                {
                    accepted++;
                    Assert.Equal(Samples.Text(record), Samples.Text(EventJson.Read(Samples.Json(Samples.Text(record)))));
                }
                else
                {
                    Assert.StartsWith("EVT", fault.Code, StringComparison.Ordinal);
                }
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}, round {round}, bytes {Convert.ToBase64String(mutated)}: {e}");
            }
        }

        Assert.NotEqual(0, accepted);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        int edits = random.Next(1, 4);
        for (int i = 0; i < edits && bytes.Count > 1; i++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(12, bytes.Count - at + 1)));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 3:
                    int length = random.Next(0, Math.Min(20, bytes.Count - at));
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }
}
