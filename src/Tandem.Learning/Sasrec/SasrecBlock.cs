using Tandem.Learning.Networks;

namespace Tandem.Learning.Sasrec;

/// <summary>One block of a batch: its own copy of the network and its own gradients.</summary>
internal sealed class SasrecBlock
{
    private readonly Chain _network;
    private readonly LayerPass _pass;
    private readonly RowBuffer _input;
    private readonly RowBuffer _outputGradient;
    private RowBuffer? _inputGradient;
    private int[] _ids = [];
    private int[] _targets = [];

    public SasrecBlock(SasrecOptions options, ParameterLayout layout, float[] parameters, int sequenceCount)
    {
        _network = SasrecNetwork.Create(layout, options);
        Gradients = new float[layout.Length];
        _pass = new LayerPass(parameters, Gradients) { IsTraining = true, Starts = new int[sequenceCount + 1] };
        _input = new RowBuffer(options.Factors);
        _outputGradient = new RowBuffer(options.Factors);
    }

    /// <summary>Gradients of the network's parameters.</summary>
    public float[] Gradients { get; }

    /// <summary>Number of rows, each with one target.</summary>
    public int RowCount { get; private set; }

    /// <summary>Items that went in.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, RowCount);

    /// <summary>Items that come next.</summary>
    public ReadOnlySpan<int> Targets => _targets.AsSpan(0, RowCount);

    /// <summary>Gradient of the factors of <see cref="Ids"/>, one row each.</summary>
    public RowBuffer InputGradient => _inputGradient!;

    /// <summary>Takes its windows.</summary>
    /// <param name="set">All windows.</param>
    /// <param name="windows">Which; as many as the block holds at most.</param>
    public void Load(SequenceSet set, ReadOnlySpan<int> windows)
    {
        RowCount = 0;
        _pass.SequenceCount = windows.Length;
        for (int i = 0; i < windows.Length; i++)
        {
            ReadOnlySpan<int> items = set.Window(windows[i]);
            int count = items.Length - 1;
            if (_ids.Length < RowCount + count)
            {
                Array.Resize(ref _ids, 2 * (RowCount + count));
                Array.Resize(ref _targets, _ids.Length);
            }

            items[..count].CopyTo(_ids.AsSpan(RowCount));
            items[1..].CopyTo(_targets.AsSpan(RowCount));
            RowCount += count;
            _pass.Starts[i + 1] = RowCount;
        }
    }

    /// <summary>Computes what each row looks for.</summary>
    /// <param name="items">Item factors.</param>
    /// <param name="seed">What dropout draws from.</param>
    /// <param name="output">Rows of the whole batch.</param>
    /// <param name="firstRow">The block's first among them.</param>
    public void Forward(EmbeddingTable items, ulong seed, RowBuffer output, int firstRow)
    {
        _pass.Seed = seed;
        items.Gather(Ids, _input);
        _network.Forward(_input, _pass).Values.CopyTo(output.Values[(firstRow * output.Width)..]);
    }

    /// <summary>Computes the gradients of the parameters and of what went in.</summary>
    /// <param name="outputGradient">Gradient of the whole batch's rows.</param>
    /// <param name="firstRow">The block's first among them.</param>
    public void Backward(RowBuffer outputGradient, int firstRow)
    {
        Array.Clear(Gradients);
        _outputGradient.Resize(RowCount);
        int width = outputGradient.Width;
        outputGradient.Values.Slice(firstRow * width, RowCount * width).CopyTo(_outputGradient.Values);
        _inputGradient = _network.Backward(_outputGradient, _pass);
    }
}
