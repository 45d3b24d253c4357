using System.Security.Cryptography;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training.Search;

/// <summary>What settings are tried on: validation rows that are taken out of the rows to learn from, so that no row of a test
/// is among them.</summary>
internal interface ISearchGround
{
    /// <summary>What settings are compared by.</summary>
    string Metric { get; }

    /// <summary>True where less of it is better.</summary>
    bool LowerIsBetter { get; }

    /// <summary>How validation rows were taken, in words.</summary>
    string Split { get; }

    /// <summary>Users, or rows, that the last round tries settings on.</summary>
    int Count { get; }

    /// <summary>The fewest of them that a round tries settings on.</summary>
    int Fewest { get; }

    /// <summary>Adds the rows to a hash: equal for equal rows, whenever they are read.</summary>
    void AddTo(IncrementalHash hash);

    /// <summary>Fits a setting and judges it.</summary>
    /// <param name="name">Name of the setting.</param>
    /// <param name="choice">The setting.</param>
    /// <param name="share">Share of what there is to try on; a larger one has all of a smaller one's.</param>
    /// <param name="step">What is done, in words.</param>
    /// <param name="cancellationToken">Stops it.</param>
    ModelEvaluation Judge(
        string name, ModelChoiceSpec choice, double share, string step, CancellationToken cancellationToken);
}
