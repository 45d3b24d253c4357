namespace Tandem.Faults.Tests;

public sealed class FaultTests
{
    [Fact]
    public void ToString_WithAllParts_SaysPlaceCodeWhatExpectedNearestAndRemedy()
    {
        Fault fault = new("SPC001", "Unknown key 'featurs'.", "Rename it or remove it.")
        {
            Place = "tandem.yaml:3:1",
            Expected = "one of: features, model",
            Nearest = "features",
        };

        Assert.Equal(
            "tandem.yaml:3:1: SPC001: Unknown key 'featurs'. Expected one of: features, model. " +
            "Did you mean 'features'? Rename it or remove it.",
            fault.ToString());
    }

    [Fact]
    public void TandemException_WithSeveralFaults_KeepsThemInOrder()
    {
        Fault first = new("EVT001", "One.", "Do this.");
        Fault second = new("EVT002", "Two.", "Do that.");

        TandemException exception = new([first, second]);

        Assert.Equal(first, exception.Fault);
        Assert.Equal([first, second], exception.Faults);
        Assert.Equal($"{first}{Environment.NewLine}{second}", exception.Message);
    }
}
