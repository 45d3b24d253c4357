using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake.Manifests;

namespace Tandem.Lake.Tests.Manifests;

public sealed class ManifestStoreTests
{
    private const string Golden =
        """
        {
          "format": "tandem-lake",
          "version": 1,
          "manifest": {
            "number": 2,
            "from": 100,
            "to": 250,
            "tables": [
              {
                "name": "play",
                "schemas": [
                  {
                    "entities": [
                      "user"
                    ],
                    "columns": [
                      {
                        "name": "tags",
                        "type": "text_list"
                      }
                    ]
                  }
                ],
                "parts": [
                  {
                    "key": "events/play/date=2026-01-01/00000000000000000002-0123456789abcdef.parquet",
                    "schema": 0,
                    "rows": 3,
                    "bytes": 456,
                    "first": "2026-01-01T00:00:00.000001Z",
                    "last": "2026-01-01T23:00:00.000000Z",
                    "timeless": 0,
                    "first_id": "a",
                    "last_id": "z",
                    "hash": "sha256:00"
                  }
                ]
              }
            ]
          }
        }
        """;

    private static readonly LakeManifest Manifest = new()
    {
        Number = 2,
        From = new JournalPosition(100),
        To = new JournalPosition(250),
        Tables =
        [
            new LakeManifestTable
            {
                Name = "play",
                Schemas = [new LakeSchema(["user"], [new LakeColumn("tags", LakeType.TextList)])],
                Parts =
                [
                    new LakePart
                    {
                        Key = "events/play/date=2026-01-01/00000000000000000002-0123456789abcdef.parquet",
                        Schema = 0,
                        Rows = 3,
                        Bytes = 456,
                        First = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(1),
                        Last = new DateTimeOffset(2026, 1, 1, 23, 0, 0, TimeSpan.Zero),
                        FirstId = "a",
                        LastId = "z",
                        Hash = "sha256:00",
                    },
                ],
            },
        ],
    };

    [Fact]
    public void Serialize_OfAManifest_WritesTheGoldenFile()
    {
        string text = Encoding.UTF8.GetString(ManifestStore.Serialize(Manifest));

        Assert.Equal(Golden, text);
    }

    [Fact]
    public void Parse_OfTheGoldenFile_GivesTheManifest()
    {
        LakeManifest manifest = ManifestStore.Parse("m", Encoding.UTF8.GetBytes(Golden));

        Assert.Equal(Manifest.Tables[0].Parts, manifest.Tables[0].Parts);
        Assert.Equal(Manifest.Tables[0].Schemas[0].Columns, manifest.Tables[0].Schemas[0].Columns);
        Assert.Equal((2, 100, 250), (manifest.Number, manifest.From.Offset, manifest.To.Offset));
    }

    [Theory]
    [InlineData("{", "LAK006")]
    [InlineData("null", "LAK006")]
    [InlineData("""{"format":"other","version":1,"manifest":{"number":1,"from":0,"to":0,"tables":[]}}""", "LAK006")]
    [InlineData("""{"format":"tandem-lake","version":2,"manifest":{"number":1,"from":0,"to":0,"tables":[]}}""", "LAK007")]
    public void Parse_OfWhatThisBuildCannotRead_SaysWhy(string text, string code)
    {
        TandemException failure = Assert.Throws<TandemException>(() => ManifestStore.Parse("m", Encoding.UTF8.GetBytes(text)));

        Assert.Equal(code, failure.Fault.Code);
    }

    [Fact]
    public void LakeType_KeepsItsValues()
    {
        Assert.Equal(
            [(0, "Text"), (1, "Whole"), (2, "Number"), (3, "Flag"), (4, "Time"), (5, "NumberList"), (6, "TextList")],
            Enum.GetValues<LakeType>().Select(static type => ((int)type, type.ToString())));
    }
}
