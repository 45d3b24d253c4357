using System.Runtime.ExceptionServices;
using Tandem.Numerics.Native;

namespace Tandem.Numerics;

/// <summary>A few threads that run short loops over fixed chunks again and again, as every step of a gradient method does:
/// they stay, wait a moment for the next loop before they sleep, and a loop allocates nothing.</summary>
/// <remarks>One loop at a time. Which thread runs which chunk is chance: what a chunk gives must depend on the chunk alone,
/// and be put together in order. Its threads give way to all others
/// of the machine, and a waiting one gives its turn away.</remarks>
public sealed class WorkerTeam : IDisposable
{
    private const int Spins = 4000;
    private const int CallerSpins = 20_000;

    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread[] _threads;
    private Action<int>? _body;
    private ExceptionDispatchInfo? _failure;
    private int _chunkCount;
    private int _next;
    private int _turn;
    private int _working;
    private int _asleep;
    private volatile bool _isEnding;

    /// <summary>Starts the threads.</summary>
    /// <param name="threadCount">Threads that work, the caller's own among them, ≥ 1.</param>
    public WorkerTeam(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        _threads = new Thread[Math.Min(threadCount, Environment.ProcessorCount) - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Stay) { IsBackground = true, Name = "tandem-team" };
            _threads[i].Start();
        }
    }

    /// <summary>Runs a body for every chunk, and returns when all are done.</summary>
    /// <param name="chunkCount">Number of chunks, ≥ 0.</param>
    /// <param name="body">Work on one chunk, by its number. Keep the delegate: making one allocates.</param>
    public void Run(int chunkCount, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (_threads.Length == 0 || chunkCount <= 1)
        {
            for (int chunk = 0; chunk < chunkCount; chunk++)
            {
                body(chunk);
            }

            return;
        }

        _body = body;
        _chunkCount = chunkCount;
        _failure = null;
        Volatile.Write(ref _next, 0);
        Volatile.Write(ref _working, _threads.Length);
        Interlocked.Increment(ref _turn);
        int asleep = Interlocked.Exchange(ref _asleep, 0);
        if (asleep > 0)
        {
            _wake.Release(asleep);
        }

        Work(body);
        int spins = 0;
        while (Volatile.Read(ref _working) > 0)
        {
            if (spins++ < CallerSpins)
            {
                Thread.SpinWait(4);
            }
            else
            {
                Thread.Yield();
            }
        }

        _failure?.Throw();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _isEnding = true;
        Interlocked.Increment(ref _turn);
        _wake.Release(_threads.Length + 1);
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    private void Stay()
    {
        ThreadCourtesy.GiveWay();
        int seen = 0;
        while (true)
        {
            int spins = 0;
            while (Volatile.Read(ref _turn) == seen)
            {
                if (spins++ < Spins)
                {
                    Thread.SpinWait(4);
                    continue;
                }

                // Whoever starts a turn wakes as many as have said that they sleep; a turn that began in between is seen
                // here, and its wake-up then ends the next sleep at once.
                Interlocked.Increment(ref _asleep);
                if (Volatile.Read(ref _turn) == seen)
                {
                    _wake.Wait();
                }

                spins = 0;
            }

            seen = Volatile.Read(ref _turn);
            if (_isEnding)
            {
                return;
            }

            Work(_body!);
            Interlocked.Decrement(ref _working);
        }
    }

    private void Work(Action<int> body)
    {
        try
        {
            int chunk;
            while ((chunk = Interlocked.Increment(ref _next) - 1) < _chunkCount)
            {
                body(chunk);
            }
        }
        catch (Exception failure) when (Keep(failure))
        {
            Volatile.Write(ref _next, _chunkCount);
        }
    }

    /// <summary>Keeps a failure for the caller, who throws it once all threads are done.</summary>
    private bool Keep(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
        return true;
    }
}
