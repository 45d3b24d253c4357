namespace Tandem.Events;

/// <summary>How far one reader of this process has come: the segments from there on stay until it goes.</summary>
internal sealed class ReaderPlace(JournalTip tip, long position) : IDisposable
{
    private long _position = position;

    /// <summary>Where it reads on; only ever grows.</summary>
    public long Position
    {
        get => Volatile.Read(ref _position);
        set => Volatile.Write(ref _position, value);
    }

    public void Dispose() => tip.Leave(this);
}
