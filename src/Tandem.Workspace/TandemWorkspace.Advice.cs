using Tandem.Spec;
using Tandem.Spec.Advice;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private readonly SpecFile _file;

    /// <summary>The questions whose answers decide a design.</summary>
    /// <param name="isOnto">True for a change of this system's tandem.yaml, which answers some of them; false for a new
    /// one.</param>
    public IReadOnlyList<AdviceQuestion> AdviceQuestions(bool isOnto) => AdviceQuestion.Onto(isOnto ? _file : null);

    /// <summary>Proposes a design. Nothing is written, and nothing that runs changes.</summary>
    /// <param name="given">Answers as they were typed, by key.</param>
    /// <param name="isOnto">True to propose onto this system's tandem.yaml as it was when it was opened; false for a new
    /// one.</param>
    /// <exception cref="Tandem.Faults.TandemException">SPC079: an answer is none, or is missing.</exception>
    public AdviceProposal Advise(IReadOnlyDictionary<string, string> given, bool isOnto)
    {
        SpecFile? onto = isOnto ? _file : null;
        return SystemAdvice.Propose(AdviceAnswers.Of(given, onto), WorkspaceVocabulary.Build(), onto);
    }
}
