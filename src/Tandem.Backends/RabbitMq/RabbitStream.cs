using System.Globalization;
using Polly;
using Polly.Retry;
using Tandem.Events;
using Tandem.Faults;

namespace Tandem.Backends.RabbitMq;

/// <summary>A raw log in a RabbitMQ stream. After every lost connection it takes the log again behind a fence and reads
/// what had arrived, so it never guesses whether something was confirmed.</summary>
internal sealed class RabbitStream : IJournalStream
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MarkPatience = TimeSpan.FromSeconds(5);

    private readonly RabbitOptions _options;
    private readonly string _place;
    private readonly string _writer;
    private readonly ResiliencePipeline _opening;
    private readonly ResiliencePipeline _lasting;
    private readonly TimeProvider _clock;
    private readonly HashSet<string> _sessions = new(StringComparer.Ordinal);
    private RabbitLink? _link;
    private StreamMark? _mark;
    private long _end;
    private volatile Exception? _trouble;

    public RabbitStream(RabbitOptions options, TimeProvider clock)
    {
        _clock = clock;
        _options = options;
        _place = $"{options.Address}: {options.Stream}";
        _writer = string.Create(
            CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} on {Environment.MachineName}");
        _opening = new ResiliencePipelineBuilder()
            .AddTimeout(options.OpenDeadline)
            .AddRetry(Retry(static failure => !RabbitFailures.IsRefusal(failure)))
            .Build();
        _lasting = new ResiliencePipelineBuilder()
            .AddRetry(Retry(static _ => true))
            .AddTimeout(options.AttemptTimeout)
            .Build();
    }

    /// <summary>Name of the log; there once it was taken.</summary>
    public string Log => _mark!.Log;

    public TimeSpan Patience => _options.Patience;

    public async Task<StreamMark> TakeAsync(
        StreamMark? from, Action<StreamMark, ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken)
    {
        try
        {
            await _opening.ExecuteAsync(
                async token =>
                {
                    StreamOrder order = await LinkAsync(
                        from, (log, message) => receive(
                            new StreamMark(log, message.Session, message.Position, message.Offset), message.Bytes), token)
                        .ConfigureAwait(false);
                    _end = order.End ?? 0;
                }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RabbitFailures.IsOfBroker(failure))
        {
            throw RabbitFailures.Translate(_place, _trouble ?? failure);
        }

        return _mark!;
    }

    public async Task AppendAsync(IReadOnlyList<JournalPiece> pieces, CancellationToken cancellationToken)
    {
        await _lasting.ExecuteAsync(
            async token =>
            {
                if (_link is null)
                {
                    await RetakeAsync(token).ConfigureAwait(false);
                }

                await _link!.PublishAsync(pieces.Where(piece => piece.Start >= _end), Log, token).ConfigureAwait(false);
                _end = pieces[^1].End;
            }, cancellationToken).ConfigureAwait(false);
        _trouble = null;
    }

    public async Task<StreamMark?> TryMarkAsync(JournalPosition position, CancellationToken cancellationToken)
    {
        if (_link is null)
        {
            return null;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(MarkPatience);
        try
        {
            StreamMessage? last = await _link.LastAsync(stop.Token).ConfigureAwait(false);
            if (last is null || last.Session != _link.Session)
            {
                return null;
            }

            _mark = new StreamMark(Log, last.Session, position.Offset, last.Offset);
            return _mark;
        }
        catch (Exception e) when (RabbitFailures.IsOfBroker(e) || !cancellationToken.IsCancellationRequested)
        {
            // The next append finds out what is wrong; until there is a new mark, the last one holds.
            return null;
        }
    }

    public TandemException Unconfirmed() => BackendErrors.Unconfirmed(
        _place, _trouble is { } trouble ? RabbitFailures.Describe(trouble) : "no answer yet");

    public async ValueTask DisposeAsync() => await DropAsync().ConfigureAwait(false);

    // Reads from the mark to a new fence, and marks that.
    private async Task<StreamOrder> LinkAsync(
        StreamMark? from, Action<string, StreamMessage> receive, CancellationToken cancellationToken)
    {
        StreamOrder order = new(_place, from);
        string session = NewName();
        _sessions.Add(session);
        RabbitLink link = await RabbitLink.OpenAsync(_options, session, _writer, cancellationToken)
            .ConfigureAwait(false);
        _link = link;
        StreamMessage fence = await link.FenceAsync(
            from?.Offset,
            message =>
            {
                if (order.Take(message))
                {
                    receive(order.Log!, message);
                }
            },
            cancellationToken).ConfigureAwait(false) ?? throw BackendErrors.StreamLost(_place, from!.Position);
        order.Take(fence);
        _mark = new StreamMark(order.Log ?? NewName(), link.Session, order.End ?? 0, fence.Offset);
        return order;
    }

    private async Task RetakeAsync(CancellationToken cancellationToken)
    {
        string log = Log;
        StreamOrder order = await LinkAsync(
            _mark,
            (_, message) =>
            {
                if (message.Position >= _end && !_sessions.Contains(message.Session))
                {
                    throw BackendErrors.StreamTaken(_place, message.Writer);
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (order.End < _end)
        {
            throw BackendErrors.StreamLost(_place, _end);
        }

        _mark = _mark! with { Log = log };
        _end = order.End!.Value;
    }

    private string NewName() => Guid.CreateVersion7(_clock.GetUtcNow()).ToString("N");

    private async ValueTask DropAsync()
    {
        if (_link is { } link)
        {
            _link = null;
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    private RetryStrategyOptions Retry(Func<Exception, bool> canHelp) => new()
    {
        ShouldHandle = async args =>
        {
            if (args.Outcome.Exception is not { } failure)
            {
                return false;
            }

            await DropAsync().ConfigureAwait(false);
            if (!RabbitFailures.IsOfBroker(failure))
            {
                return false;
            }

            // An attempt that the deadline cut off ends somehow; what was wrong is what earlier ones met.
            _trouble = args.Context.CancellationToken.IsCancellationRequested ? _trouble ?? failure : failure;
            return canHelp(failure);
        },
        MaxRetryAttempts = int.MaxValue,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.RetryDelay,
        MaxDelay = LongestDelay,
    };
}
