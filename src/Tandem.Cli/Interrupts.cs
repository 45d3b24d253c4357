using System.Runtime.InteropServices;

namespace Tandem.Cli;

/// <summary>Ctrl-C for a verb that may go on after it: it stops the piece of work that runs. A request to end, or a
/// terminal that closes, stops that and everything after it.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly PosixSignalRegistration[] _signals;
    private CancellationTokenSource _work;

    public Interrupts()
    {
        _work = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, isEnd: false)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, isEnd: true)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Stop(context, isEnd: true)),
        ];
    }

    /// <summary>True once the program is asked to end.</summary>
    public bool IsEnd => _end.IsCancellationRequested;

    /// <summary>Begins a piece of work, and forgets a Ctrl-C that came before it.</summary>
    public CancellationToken Begin()
    {
        lock (_gate)
        {
            _work.Dispose();
            _work = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            return _work.Token;
        }
    }

    public void Dispose()
    {
        Array.ForEach(_signals, static signal => signal.Dispose());
        _work.Dispose();
        _end.Dispose();
    }

    private void Stop(PosixSignalContext context, bool isEnd)
    {
        context.Cancel = true;
        lock (_gate)
        {
            (isEnd ? _end : _work).Cancel();
        }
    }
}
