namespace Tandem.Cli;

/// <summary>Shows how far the steps of some work have come.</summary>
internal abstract class StepProgress : IProgress<(string Step, double Share)>
{
    /// <inheritdoc/>
    public abstract void Report((string Step, double Share) value);

    /// <summary>Shows a word beside a step that has begun, where there is room for it: without a terminal,
    /// nowhere.</summary>
    public virtual void Note(string step, string note)
    {
    }
}
