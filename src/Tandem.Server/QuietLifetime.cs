using Microsoft.Extensions.Hosting;

namespace Tandem.Server;

/// <summary>Leaves signals to the program that hosts the server.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
