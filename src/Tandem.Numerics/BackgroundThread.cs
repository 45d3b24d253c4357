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
        Thread thread = new(() =>
        {
            ThreadCourtesy.GiveWay();
            task.RunSynchronously(TaskScheduler.Default);
        })
        {
            IsBackground = true,
            Name = "tandem-work",
        };
        thread.Start();
        return task;
    }
}
