using Spectre.Console;
using Tandem.Learning.Imbalance;

namespace Tandem.Cli;

/// <summary>At which share of positives a model was fitted, and at which it scores.</summary>
internal static class RatesLine
{
    public static void Show(Terminal terminal, BaseRates rates) => terminal.Say(
        $"Fitted on {Terminal.Count(rates.Rows)} rows, {Terminal.Number(100 * rates.Fitted, 2)} % of them positives " +
        $"[grey](imbalance: {Markup.Escape(rates.Method)})[/]; scores are probabilities at " +
        $"{Terminal.Number(100 * rates.Scored, 2)} %.");
}
