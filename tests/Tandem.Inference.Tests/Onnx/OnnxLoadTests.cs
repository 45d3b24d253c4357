using Google.Protobuf;
using Onnx;
using Tandem.Faults;
using Tandem.Inference.Native;
using Tandem.Inference.Onnx;
using Tandem.Testing;

namespace Tandem.Inference.Tests.Onnx;

public sealed class OnnxLoadTests
{
    private static readonly byte[] Model = new Perceptron(3, 4, 1, new Random(1)).ToOnnx();

    [Fact]
    public void Load_FromAStream_ReadsToTheEnd()
    {
        using var stream = new MemoryStream(Model);

        using var model = OnnxModel.Load(stream);

        Assert.Equal("x", model.Inputs[0].Name);
        Assert.Equal(Model.Length, stream.Position);
    }

    [Fact]
    public void Load_OverTheLimit_IsRefusedBeforeItIsRead()
    {
        var tight = new OnnxModelOptions { MaxBytes = Model.Length - 1 };
        using var stream = new MemoryStream(Model);

        Assert.Equal("INF003", FaultOf(() => OnnxModel.Load(Model, tight)).Code);
        Assert.Equal("INF003", FaultOf(() => OnnxModel.Load(stream, tight)).Code);
        OnnxModel.Load(Model, new OnnxModelOptions { MaxBytes = Model.Length }).Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void MaxBytes_OutsideItsRange_IsRefused(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxModelOptions { MaxBytes = value });

    [Fact]
    public void Load_OfNoModel_SaysSo()
    {
        Assert.Equal("INF002", FaultOf(() => OnnxModel.Load([])).Code);
        Assert.Equal("INF002", FaultOf(() => OnnxModel.Load("no model"u8)).Code);
        Assert.Equal("INF002", FaultOf(() => OnnxModel.Load(new byte[100])).Code);
    }

    [Fact]
    public void Load_OfAnUnknownOperator_NamesIt()
    {
        byte[] bytes = new OnnxWriter().Input("x", OnnxElement.Float32, 1).Output("y", OnnxElement.Float32, 1)
            .Node("Frobnicate", ["x"], "y").ToBytes();

        Fault fault = FaultOf(() => OnnxModel.Load(bytes));

        Assert.Equal("INF002", fault.Code);
        Assert.Contains("Frobnicate", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfATextPort_SaysThatItIsNotPassed()
    {
        byte[] bytes = new OnnxWriter().Input("words", (OnnxElement)8, -1).Output("y", (OnnxElement)8, -1)
            .Node("Identity", ["words"], "y").ToBytes();

        Fault fault = FaultOf(() => OnnxModel.Load(bytes));

        Assert.Equal("INF004", fault.Code);
        Assert.Contains("'words'", fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Add")]
    [InlineData("MatMul")]
    [InlineData("Concat")]
    public void Load_OfWeightsInAnotherFile_IsRefusedWhereverItLies(string kind)
    {
        using var folder = new TestFolder();
        string beside = Path.GetRandomFileName();
        File.WriteAllBytes(folder["weights.bin"], new byte[4]);
        File.WriteAllBytes(beside, new byte[4]);
        try
        {
            string[] paths = [beside, folder["weights.bin"], Path.GetRelativePath(".", folder["weights.bin"])];
            foreach (string path in paths)
            {
                OnnxWriter writer = new OnnxWriter().Input("x", OnnxElement.Float32, 1, 1)
                    .Output("y", OnnxElement.Float32, -1, 1).Weights("w", [1], 1, 1)
                    .Node(kind, ["x", "w"], "y", kind == "Concat" ? [("axis", 0L)] : []);
                byte[] bytes = WithOutsideWeights(writer.ToBytes(), path);

                Assert.Equal("INF002", FaultOf(() => OnnxModel.Load(bytes)).Code);
            }
        }
        finally
        {
            File.Delete(beside);
        }
    }

    [Fact]
    public void Load_OfBrokenBytes_AlwaysAnswers()
    {
        for (int seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            byte[] broken = Model[..(random.Next(3) == 0 ? random.Next(Model.Length) : Model.Length)];
            for (int i = random.Next(1, 8); i > 0 && broken.Length > 0; i--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            LoadAndRun(broken, seed);
        }
    }

    [Fact]
    public void Library_ThatIsMissing_NamesTheCommandThatInstallsIt()
    {
        using var folder = new TestFolder();

        Fault fault = FaultOf(() => LoadLibrary(null, folder.Path));

        Assert.Equal("INF001", fault.Code);
        Assert.Equal(FaultKind.Unavailable, fault.Kind);
        Assert.Contains("npm ci --prefix native", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_ThatIsNone_IsRefused()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["text.so"], "not a library");

        Assert.Equal("INF001", FaultOf(() => LoadLibrary(folder["text.so"], folder.Path)).Code);
    }

    // A model that still loads must run or fail with a fault; what it answers is its own affair.
    private static void LoadAndRun(byte[] bytes, int seed)
    {
        try
        {
            using var model = OnnxModel.Load(bytes);
            model.Run(new float[6], new float[2]);
        }
        catch (TandemException e)
        {
            Assert.True(e.Faults[0].Code.StartsWith("INF", StringComparison.Ordinal), $"seed {seed}: {e.Message}");
        }
    }

    private static byte[] WithOutsideWeights(byte[] model, string path)
    {
        ModelProto changed = ModelProto.Parser.ParseFrom(model);
        TensorProto weights = changed.Graph.Initializer[0];
        weights.ClearRawData();
        weights.DataLocation = TensorProto.Types.DataLocation.External;
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = path });
        return changed.ToByteArray();
    }

    private static void LoadLibrary(string? named, string folder) => _ = OrtLibrary.Load(named, folder);

    private static Fault FaultOf(Action action) => Assert.Throws<TandemException>(action).Faults[0];
}
