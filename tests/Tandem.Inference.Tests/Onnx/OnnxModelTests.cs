using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Testing;

namespace Tandem.Inference.Tests.Onnx;

public sealed class OnnxModelTests
{
    // Sums of at most 64 products of values within ±1 and a logistic end of slope ≤ 1/4: float32 rounding stays below
    // 64 × 65 × 2⁻²⁴ / 4 ≈ 6e-5 at the very worst.
    private const double Tolerance = 6e-5;

    [Fact]
    public void Run_OfRandomPerceptrons_AnswersAsTheTwinDoes()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var perceptron = new Perceptron(random.Next(1, 65), random.Next(1, 65), random.Next(1, 5), random);
            using var model = OnnxModel.Load(perceptron.ToOnnx());
            foreach (int rows in (int[])[1, random.Next(2, 40), 1])
            {
                float[] x = Perceptron.Draw(rows * perceptron.Inputs, random);
                float[] y = new float[rows * perceptron.Outputs];

                model.Run(x, y);

                double[] twin = perceptron.Twin(x);
                double worst = Enumerable.Range(0, y.Length).Max(i => Math.Abs(y[i] - twin[i]));
                Assert.True(worst < Tolerance, $"seed {seed}, {rows} rows: off by {worst:e2}");
            }
        }
    }

    [Fact]
    public void Load_NamesPortsWithTypesAndShapes()
    {
        byte[] bytes = new OnnxWriter()
            .Input("ids", OnnxElement.Int64, -1, 16)
            .Input("x", OnnxElement.Float32, 3)
            .Output("i", OnnxElement.Int64, -1, 16)
            .Output("y", OnnxElement.Float32, 3)
            .Node("Identity", ["ids"], "i")
            .Node("Identity", ["x"], "y")
            .ToBytes();

        using var model = OnnxModel.Load(bytes);

        Assert.Equal("ids: Int64[?, 16], x: Float32[3]", string.Join(", ", model.Inputs));
        Assert.Equal("i: Int64[?, 16], y: Float32[3]", string.Join(", ", model.Outputs));
        Assert.Equal([-1, 16], model.Inputs[0].Shape);
        Assert.Equal(OnnxElement.Int64, model.Inputs[0].Element);
    }

    [Fact]
    public void Run_OfTensorsInAnyOrder_FillsTheOutputsThatAreWanted()
    {
        using var model = OnnxModel.Load(TwoOutputs());
        float[] sum = new float[4];
        float[] product = new float[4];
        var a = OnnxTensor.Of<float>("a", [1, 2, 3, 4], 2, 2);
        var b = OnnxTensor.Of<float>("b", [10, 20, 30, 40], 2, 2);

        model.Run([b, a], [OnnxTensor.Of("product", product, 2, 2), OnnxTensor.Of("sum", sum, 2, 2)]);

        Assert.Equal([11f, 22, 33, 44], sum);
        Assert.Equal([10f, 40, 90, 160], product);
    }

    [Fact]
    public void Run_OfEveryElementType_CarriesItsValues()
    {
        AssertCarries(1, [1.5f, float.NaN, -0f]);
        AssertCarries<byte>(2, [0, 1, byte.MaxValue]);
        AssertCarries<sbyte>(3, [sbyte.MinValue, 1, sbyte.MaxValue]);
        AssertCarries(6, [int.MinValue, 0, int.MaxValue]);
        AssertCarries(7, [long.MinValue, 0, long.MaxValue]);
        AssertCarries(9, [true, false, true]);
        AssertCarries(10, [(Half)1.5f, Half.MaxValue, Half.Epsilon]);
        AssertCarries(11, [Math.PI, double.Epsilon, double.MaxValue]);
    }

    [Fact]
    public void Run_InSteadyState_AllocatesNothing()
    {
        var random = new Random(5);
        var perceptron = new Perceptron(8, 16, 1, random);
        using var model = OnnxModel.Load(perceptron.ToOnnx());
        float[] x = Perceptron.Draw(80, random);
        float[] y = new float[10];
        OnnxTensor[] inputs = [OnnxTensor.Of("x", x, 10, 8)];
        OnnxTensor[] outputs = [OnnxTensor.Of("y", y, 10, 1)];
        model.Run(x, y);
        model.Run(inputs, outputs);

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                model.Run(x, y);
                model.Run(inputs, outputs);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task Run_FromManyThreads_AnswersEachItsOwn()
    {
        var perceptron = new Perceptron(12, 24, 2, new Random(1));
        using var model = OnnxModel.Load(perceptron.ToOnnx());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 200; i++)
            {
                float[] x = Perceptron.Draw(random.Next(1, 20) * 12, random);
                float[] y = new float[x.Length / 6];
                model.Run(x, y);
                double[] twin = perceptron.Twin(x);
                Assert.All(Enumerable.Range(0, y.Length), j => Assert.Equal(twin[j], y[j], Tolerance));
            }
        })));
    }

    [Fact]
    public async Task Dispose_WhileRunsAreUnderWay_LetsThemEnd()
    {
        var perceptron = new Perceptron(64, 64, 1, new Random(2));
        float[] x = Perceptron.Draw(64 * 200, new Random(3));
        double first = perceptron.Twin(x)[0];
        var model = OnnxModel.Load(perceptron.ToOnnx());
        using var started = new CountdownEvent(2);

        Task<int>[] runs = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => RunUntilDisposed(model, x, first, started)))];
        started.Wait();
        model.Dispose();

        Assert.All(await Task.WhenAll(runs), runCount => Assert.InRange(runCount, 1, int.MaxValue));
    }

    [Fact]
    public void Run_OfNoRows_DoesNothing()
    {
        using var model = OnnxModel.Load(new Perceptron(3, 4, 2, new Random(1)).ToOnnx());

        model.Run(ReadOnlySpan<float>.Empty, []);
    }

    [Theory]
    [InlineData(7, 2, "7 floats")]
    [InlineData(6, 3, "3 floats were handed in for 2 rows")]
    [InlineData(0, 2, "2 floats were handed in for 0 rows")]
    public void Run_OfLengthsThatFitNoBatch_NamesThePort(int inputs, int outputs, string part)
    {
        using var model = OnnxModel.Load(new Perceptron(3, 4, 1, new Random(1)).ToOnnx());

        Fault fault = FaultOf(() => model.Run(new float[inputs], new float[outputs]));

        Assert.Equal("INF005", fault.Code);
        Assert.Contains(part, fault.What, StringComparison.Ordinal);
        Assert.Contains("Float32[?, ", fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAnotherFixedBatch_IsRefused()
    {
        using var model = OnnxModel.Load(new Perceptron(3, 4, 1, new Random(1)).ToOnnx(rows: 2));
        model.Run(new float[6], new float[2]);

        Assert.Equal("INF005", FaultOf(() => model.Run(new float[9], new float[3])).Code);
    }

    [Fact]
    public void Run_OfTensorsThatDoNotFit_SaysWhatWasExpected()
    {
        using var model = OnnxModel.Load(TwoOutputs());
        var a = OnnxTensor.Of("a", new float[4], 2, 2);
        var b = OnnxTensor.Of("b", new float[4], 2, 2);
        var sum = OnnxTensor.Of("sum", new float[4], 2, 2);

        Assert.Equal("sum", FaultOf(() => model.Run([a, b], [OnnxTensor.Of("summ", new float[4], 2, 2)])).Nearest);
        Assert.Equal(
            "a: Float32[?, 2]", FaultOf(() => model.Run([OnnxTensor.Of("a", new float[4], 4), b], [sum])).Expected);
        Assert.Equal(
            "a: Float32[?, 2]", FaultOf(() => model.Run([OnnxTensor.Of("a", new double[4], 2, 2), b], [sum])).Expected);
        Assert.Equal("each port once", FaultOf(() => model.Run([a, a], [sum])).Expected);
        Assert.Equal("2 inputs and at least one output", FaultOf(() => model.Run([a], [sum])).Expected);
        Assert.Equal("2 inputs and at least one output", FaultOf(() => model.Run([a, b], [])).Expected);
    }

    [Fact]
    public void Run_IntoRoomOfAnotherShape_FailsWithOnnxRuntimesWords()
    {
        using var model = OnnxModel.Load(TwoOutputs());
        var a = OnnxTensor.Of("a", new float[4], 2, 2);
        var b = OnnxTensor.Of("b", new float[4], 2, 2);

        Fault fault = FaultOf(() => model.Run([a, b], [OnnxTensor.Of("sum", new float[6], 3, 2)]));

        Assert.Equal("INF006", fault.Code);
        Assert.Contains("shape", fault.What, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Run_AfterDispose_Throws()
    {
        var model = OnnxModel.Load(new Perceptron(1, 1, 1, new Random(1)).ToOnnx());
        model.Dispose();
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Run(new float[1], new float[1]));
    }

    private static byte[] TwoOutputs() => new OnnxWriter()
        .Input("a", OnnxElement.Float32, -1, 2)
        .Input("b", OnnxElement.Float32, -1, 2)
        .Output("sum", OnnxElement.Float32, -1, 2)
        .Output("product", OnnxElement.Float32, -1, 2)
        .Node("Add", ["a", "b"], "sum")
        .Node("Mul", ["a", "b"], "product")
        .ToBytes();

    private static void AssertCarries<T>(int element, T[] values)
        where T : unmanaged
    {
        byte[] bytes = new OnnxWriter()
            .Input("x", (OnnxElement)element, -1).Output("y", (OnnxElement)element, -1).Node("Identity", ["x"], "y").ToBytes();
        using var model = OnnxModel.Load(bytes);
        var carried = new T[values.Length];

        model.Run([OnnxTensor.Of("x", values, values.Length)], [OnnxTensor.Of("y", carried, values.Length)]);

        Assert.Equal(values, carried);
    }

    private static int RunUntilDisposed(OnnxModel model, float[] x, double first, CountdownEvent started)
    {
        float[] y = new float[200];
        for (int count = 1; ; count++)
        {
            try
            {
                model.Run(x, y);
            }
            catch (ObjectDisposedException)
            {
                return count - 1;
            }

            Assert.Equal(first, y[0], Tolerance);
            if (count == 1)
            {
                started.Signal();
            }
        }
    }

    private static Fault FaultOf(Action action) => Assert.Throws<TandemException>(action).Faults[0];
}
