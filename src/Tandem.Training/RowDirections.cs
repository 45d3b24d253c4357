using Tandem.Features.Encoders;
using Tandem.Learning;
using Tandem.Spec;

namespace Tandem.Training;

/// <summary>The directions of a design as columns of encoded rows.</summary>
internal static class RowDirections
{
    /// <summary>The rows, with the directions that a model is to keep.</summary>
    /// <param name="rows">Encoded rows.</param>
    /// <param name="choice">The model.</param>
    /// <param name="encoders">What encoded them: numbers stay numbers and keep their order.</param>
    /// <exception cref="Faults.TandemException">TRN016: a direction is of no feature that the model reads as a
    /// number.</exception>
    public static LabelledRows Of(LabelledRows rows, ModelChoiceSpec choice, FeatureEncoders encoders)
    {
        if (choice.Directions.Count == 0)
        {
            return rows;
        }

        int[] directions = new int[rows.DenseCount];
        foreach ((string name, string word) in choice.Directions)
        {
            // Behind the number there may be a column that says that it is missing.
            int column = encoders.Numbers.Contains(name, StringComparer.Ordinal)
                ? encoders.FeatureOfDense.TakeWhile(feature => encoders.Features[feature] != name).Count()
                : rows.DenseCount;
            if (column == rows.DenseCount)
            {
                throw TrainingErrors.NoDirection(name, encoders.Numbers);
            }

            directions[column] = word == ModelChoiceSpec.Rising ? 1 : -1;
        }

        return rows with { Directions = directions };
    }
}
