import type { Feature, View } from "./features";
import { isComputed, moment, signed } from "./features";
import { percent, shortHash } from "./format";
import { SpreadPlot } from "./SpreadPlot";

interface Props {
  view: View;
  trainingSet: string | undefined;
  model: number | undefined;
}

/** One view: where its values come from and go to, and each of its features. */
export function ViewCard({ view, trainingSet, model }: Props) {
  const heading = `view-${view.name}`;
  return (
    <section className="view" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{view.name}</h2>
        <p>{view.description === "" ? summary(view) : view.description}</p>
      </header>
      <ol className="lineage" aria-label="Lineage">
        <li>{isComputed(view) ? "other features, the request, the moment" : view.source}</li>
        <li>
          {view.name} <code title={view.version}>{shortHash(view.version)}</code>
        </li>
        {trainingSet !== undefined && (
          <li>
            training set <code title={trainingSet}>{shortHash(trainingSet)}</code>
          </li>
        )}
        {model !== undefined && <li>model v{model}</li>}
      </ol>
      <dl className="facts">
        <Fact name="entity" value={view.entity === "" ? "none" : view.entity} />
        {view.where.length > 0 && <Fact name="where" value={view.where.join(" and ")} />}
        {view.time_to_live !== undefined && <Fact name="time to live" value={view.time_to_live} />}
        {!isComputed(view) && (
          <Fact name="newest event" value={view.newest_event === undefined ? "none yet" : moment(view.newest_event)} />
        )}
        {view.owner !== "" && <Fact name="owner" value={view.owner} />}
      </dl>
      <div className="scroll">
        <table className="features">
          <thead>
            <tr>
              <th scope="col">Feature</th>
              <th scope="col">Definition</th>
              <th scope="col">Values: training, live</th>
              <th scope="col" className="right">Null: training</th>
              <th scope="col" className="right">live</th>
              <th scope="col" className="right">PSI</th>
              <th scope="col" className="right">Skew</th>
              <th scope="col" className="right">Importance</th>
            </tr>
          </thead>
          <tbody>
            {view.features.map((feature) => (
              <FeatureRow key={feature.name} feature={feature} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function summary(view: View): string {
  return isComputed(view) ? "Computed when it is read." : `About each ${view.entity}, from ${view.source}.`;
}

function FeatureRow({ feature }: { feature: Feature }) {
  return (
    <tr>
      <th scope="row">{feature.name}</th>
      <td title={feature.summary}>{feature.definition}</td>
      <td>{feature.kind === "number" ? <SpreadPlot feature={feature} /> : <span className="none">{feature.kind}</span>}</td>
      <td className="right">{feature.train === undefined ? "–" : percent(feature.train.null_share)}</td>
      <td className="right">{feature.live === undefined ? "–" : percent(feature.live.null_share)}</td>
      <td className="right" title={feature.verdict}>{feature.psi === undefined ? "–" : feature.psi.toFixed(3)}</td>
      <td className="right" title="Share of answers whose value differed from training's">
        {feature.skew === undefined ? "–" : percent(feature.skew)}
      </td>
      <td className="right" title={weightOf(feature)}>
        {feature.importance === undefined ? "–" : signed(feature.importance)}
      </td>
    </tr>
  );
}

function weightOf(feature: Feature): string {
  const loss = "Rise of the log-loss when the values are shuffled";
  return feature.weight === undefined ? loss : `${loss}; adds ±${feature.weight.toPrecision(3)} to the log-odds`;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
