import type { Catalogue, Ranking } from "./features";
import { count } from "./format";
import { Lookup } from "./Lookup";
import { useAnswer } from "./useAnswer";
import { ViewCard } from "./ViewCard";

const REFRESH_SECONDS = 30;

interface Props {
  apiKey: string | null;
}

/** Every feature: what it means, where it comes from, how its values lie, and why a value is what it is. */
export function FeaturesPage({ apiKey }: Props) {
  const answer = useAnswer<Catalogue>("/v1/features", apiKey, REFRESH_SECONDS);
  if (answer === null || answer.state === "loading") {
    return <p className="none" role="status">Reading the features…</p>;
  }
  if (answer.state === "failed") {
    return <p className="notice" role="alert">{answer.reason}</p>;
  }
  const catalogue = answer.value;
  return (
    <div className="features-page">
      {catalogue.views.length === 0 ? (
        <p className="notice calm">
          This system has no features. Add some under <code>features</code> in tandem.yaml.
        </p>
      ) : (
        <Lookup views={catalogue.views} apiKey={apiKey} />
      )}
      <p className="legend">
        <span className="train">training set of {catalogue.model === undefined ? "the champion: none yet" : `model v${catalogue.model}`}</span>
        <span className="live">live answers of the last day in the lake: {count(catalogue.live_rows)}</span>
      </p>
      {catalogue.ranking !== undefined && (
        <p className={catalogue.ranking.is_used ? "legend" : "notice calm"}>
          {catalogue.ranking.is_used
            ? `The champion ${use(catalogue.ranking)} (${catalogue.ranking.kind}): `
            : ""}
          {catalogue.ranking.reason}
        </p>
      )}
      {catalogue.views.map((view) => (
        <ViewCard key={view.name} view={view} trainingSet={catalogue.training_set} model={catalogue.model} />
      ))}
    </div>
  );
}

/** Where something was retrieved, its score is one of the features. */
function use({ retrieval_importance }: Ranking): string {
  return retrieval_importance === undefined
    ? "predicts from these features"
    : "orders its candidates by these features and the score of retrieval";
}
