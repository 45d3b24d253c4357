using Tandem.Numerics.Native;

namespace Tandem.Numerics;

/// <summary>Long computations on threads of their own: the pool's threads stay free for requests, and requests come
/// first where both want the processor.</summary>
public static class BackgroundThread
{
    /// <summary>Starts work on a new thread.</summary>
    /// <param name="work">The work; what it throws is the task's.</param>
    public static Task RunAsync(Action work)
    {
        Task task = new(work);
        Start(task);
        return task;
    }

    /// <summary>Works on a new thread while the caller's waits. Starting it takes about 0.1 ms.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="work">The work; what it throws is thrown here.</param>
    public static T Run<T>(Func<T> work)
    {
        Task<T> task = new(work);
        Start(task);
        return task.GetAwaiter().GetResult();
    }

    private static void Start(Task task) => new Thread(() =>
    {
        ThreadCourtesy.GiveWay();
        task.RunSynchronously(TaskScheduler.Default);
    })
    {
        IsBackground = true,
        Name = "tandem-work",
    }.Start();
}
