using System.Runtime.ExceptionServices;
using Tandem.Numerics.Native;

namespace Tandem.Numerics;

/// <summary>A few threads that run short loops over fixed chunks again and again, as every step of a gradient method does:
/// they stay, wait a moment for the next loop before they sleep, and a loop allocates nothing.</summary>
/// <remarks>One loop at a time. Which thread runs which chunk is chance: what a chunk gives must depend on the chunk alone,
/// and be put together in order. Its threads give way to all others of the machine; a loop waits for the chunks that they
/// began, and for no thread that did not get its turn at a processor.</remarks>
public sealed class WorkerTeam : IDisposable
{
    private const int Spins = 4000;
    private const int CallerSpins = 20_000;

    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread[] _threads;
    private Action<int>? _body;
    private ExceptionDispatchInfo? _failure;
    private int _chunkCount;
    private int _unfinished;
    private int _asleep;

    // Number of the loop above, chunks that nobody began below: whoever takes one knows of which loop it is.
    private long _state;
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
        _unfinished = chunkCount;
        int turn = TurnOf(_state) + 1;
        Interlocked.Exchange(ref _state, StateOf(turn, chunkCount));
        int asleep = Interlocked.Exchange(ref _asleep, 0);
        if (asleep > 0)
        {
            _wake.Release(asleep);
        }

        Work(turn);
        int spins = 0;
        while (Volatile.Read(ref _unfinished) > 0)
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
        Interlocked.Exchange(ref _state, StateOf(TurnOf(_state) + 1, left: 0));
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
            while (TurnOf(Volatile.Read(ref _state)) == seen)
            {
                if (spins++ < Spins)
                {
                    Thread.SpinWait(4);
                    continue;
                }

                // Whoever starts a turn wakes as many as have said that they sleep; a turn that began in between is seen
                // here, and its wake-up then ends the next sleep at once.
                Interlocked.Increment(ref _asleep);
                if (TurnOf(Volatile.Read(ref _state)) == seen)
                {
                    _wake.Wait();
                }

                spins = 0;
            }

            seen = TurnOf(Volatile.Read(ref _state));
            if (_isEnding)
            {
                return;
            }

            Work(seen);
        }
    }

    /// <summary>Works on chunks of a loop while it has any that nobody began.</summary>
    private void Work(int turn)
    {
        while (Take(turn, most: 1) is > 0 and var left)
        {
            int finished = 1;
            try
            {
                _body!(_chunkCount - left);
            }
            catch (Exception failure) when (Keep(failure))
            {
                finished += Take(turn, int.MaxValue);
            }

            Interlocked.Add(ref _unfinished, -finished);
        }
    }

    /// <summary>Takes chunks of a loop, and with them its caller's word not to return before they are finished.</summary>
    /// <param name="turn">Number of the loop.</param>
    /// <param name="most">Chunks to take at most.</param>
    /// <returns>Chunks that nobody had begun before; 0 where the loop is over.</returns>
    private int Take(int turn, int most)
    {
        long state = Volatile.Read(ref _state);
        while (TurnOf(state) == turn && (int)state > 0)
        {
            int left = (int)state;
            long before = Interlocked.CompareExchange(ref _state, StateOf(turn, left - Math.Min(most, left)), state);
            if (before == state)
            {
                return left;
            }

            state = before;
        }

        return 0;
    }

    private static int TurnOf(long state) => (int)(state >> 32);

    private static long StateOf(int turn, int left) => ((long)turn << 32) | (uint)left;

    /// <summary>Keeps a failure for the caller, who throws it once all threads are done.</summary>
    private bool Keep(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
        return true;
    }
}
