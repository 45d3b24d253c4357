import { Bars } from "./Bars";
import { Card } from "./Card";
import { number, signed } from "./features";
import { count, percent } from "./format";
import { ReliabilityPlot } from "./ReliabilityPlot";
import type { Calibration, Decision, Importance, Rank } from "./runs";

const MOST_BARS = 15;

/** Of a model whose scores are probabilities: whether they can be believed, what is done about them, what they lean on. */
export function OutcomeCards({ rank }: { rank: Rank }) {
  return (
    <>
      <ProbabilityCard rank={rank} />
      {rank.decision !== null && <DecisionCard decision={rank.decision} rows={rank.test_rows} />}
      {rank.importance.length > 0 && <ImportanceCard importance={rank.importance} />}
    </>
  );
}

function ProbabilityCard({ rank: { kind, rates, calibration, decision, ranked, train_rows, test_rows } }: { rank: Rank }) {
  const bins = ranked?.reliability ?? [];
  return (
    <Card
      id="probabilities"
      title="Can the probabilities be believed?"
      about={`${kind}: fitted on ${count(train_rows)} earlier rows, seen here on ${count(test_rows)} later ones.`}
    >
      <div className="beside">
        {bins.length > 0 && <ReliabilityPlot bins={bins} threshold={decision?.rule.threshold ?? null} />}
        <dl className="figures">
          {rates !== null && (
            <>
              <dt>Positives among the rows fitted on</dt>
              <dd>{percent(rates.fitted)} <small>{count(rates.rows)} rows, rare positives: {rates.method}</small></dd>
              <dt>Positives that its scores mean</dt>
              <dd>{percent(rates.scored)}</dd>
            </>
          )}
          {calibration !== null && <CalibrationFacts calibration={calibration} />}
        </dl>
      </div>
    </Card>
  );
}

function CalibrationFacts({ calibration: { method, reason, error_before, error_after, log_loss_before, log_loss_after } }: { calibration: Calibration }) {
  return (
    <>
      <dt>Calibration</dt>
      <dd>{method === "none" ? "none: scores stay as they are" : method}</dd>
      {error_before !== null && error_after !== null && (
        <>
          <dt>Its calibration error, without → with a map</dt>
          <dd>{error_before.toFixed(4)} → {error_after.toFixed(4)}</dd>
        </>
      )}
      {log_loss_before !== null && log_loss_after !== null && (
        <>
          <dt>Its log-loss, without → with a map</dt>
          <dd>{log_loss_before.toFixed(4)} → {log_loss_after.toFixed(4)}</dd>
        </>
      )}
      <dd className="reason">{reason}</dd>
    </>
  );
}

function DecisionCard({ decision, rows }: { decision: Decision; rows: number }) {
  const { rule, cost, low, high, always_cost, never_cost, saving_low, saving_high } = decision;
  const saving = `It saves ${number(saving_low)} to ${number(saving_high)} a row over the cheaper of the two (95 %)`;
  return (
    <Card
      id="decision"
      title="What is done about them"
      about={
        `Acts from ${number(rule.threshold)} on (by ${rule.by})` +
        (rule.abstain_from === null || rule.abstain_to === null ? ". " : `, abstains from ${number(rule.abstain_from)} to ${number(rule.abstain_to)}. `) +
        `${saving}${saving_low > 0 ? "." : ": this data does not say that the model is worth its keep."}`
      }
    >
      <Bars
        label={`Mean cost of a row, over ${count(rows)} rows`}
        bars={[
          { name: "by the rule", value: cost, said: `${number(cost)} (${number(low)} to ${number(high)})`, interval: [low, high] },
          { name: "acting always", value: always_cost, said: number(always_cost) },
          { name: "acting never", value: never_cost, said: number(never_cost) },
        ]}
      />
      <dl className="facts">
        <div><dt>acts on</dt><dd>{percent(decision.act_share)} of the rows</dd></div>
        {decision.abstain_share > 0 && <div><dt>abstains on</dt><dd>{percent(decision.abstain_share)}</dd></div>}
        <div><dt>of these positive</dt><dd>{percent(decision.precision)}</dd></div>
        <div><dt>positives found</dt><dd>{percent(decision.recall)}</dd></div>
      </dl>
    </Card>
  );
}

function ImportanceCard({ importance }: { importance: readonly Importance[] }) {
  const shown = importance.slice(0, MOST_BARS);
  return (
    <Card
      id="importance"
      title="What it leans on"
      about={
        "How much worse the log-loss gets where a feature’s values are shuffled among the later rows; near zero it is of no use here." +
        (importance.length > shown.length ? ` The first ${shown.length} of ${importance.length}.` : "")
      }
    >
      <Bars
        label="Importance of features"
        bars={shown.map(({ name, permutation }) => ({ name, value: permutation, said: signed(permutation) }))}
      />
    </Card>
  );
}
