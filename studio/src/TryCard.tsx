import { Bars } from "./Bars";
import { Card } from "./Card";
import { signed, type Catalogue } from "./features";
import { percent } from "./format";
import { question, type Explanation, type Predicted } from "./tries";
import { useAnswer, useSending } from "./useAnswer";

interface Props {
  apiKey: string | null;
  /** Whether the kind of model says what each feature adds. */
  explains: boolean;
}

/** Asks the model that serves now; nothing is logged, as nothing is shown to anybody. */
export function TryCard({ apiKey, explains }: Props) {
  const catalogue = useAnswer<Catalogue>("/v1/features", apiKey);
  const [answer, send] = useSending<Predicted>("/v1/predict", apiKey);
  const columns = catalogue?.state === "ready" ? catalogue.value.request : [];
  return (
    <Card
      id="try"
      title="Try a prediction"
      about="Asks the model that serves now, with the features as they are now. Nothing is logged. Ids that nobody has seen have no features of their own."
    >
      <form
        className="questions"
        onSubmit={(event) => {
          event.preventDefault();
          send(question(new FormData(event.currentTarget), columns));
        }}
      >
        <label>
          User id
          <input name="user" placeholder="nobody known" maxLength={512} autoComplete="off" />
        </label>
        <label>
          Item ids, with commas between
          <input name="items" required placeholder="a1, a2" autoComplete="off" />
        </label>
        {columns.map(({ name, type, is_required }) => (
          <label key={name}>
            {name}, of the request ({type}{is_required ? ", required" : ""})
            <input name={`context-${name}`} placeholder={type === "flag" ? "true or false" : "not said"} autoComplete="off" />
          </label>
        ))}
        {explains && (
          <label className="choice">
            <input type="checkbox" name="explain" defaultChecked />
            Say what each feature adds
          </label>
        )}
        <button type="submit">Predict</button>
      </form>
      {answer?.state === "loading" && <p className="none" role="status">Predicting…</p>}
      {answer?.state === "failed" && <p className="notice lines" role="alert">{answer.reason}</p>}
      {answer?.state === "ready" && (
        <div className="answered" role="status">
          <p className="none">Version {answer.value.model_version} says:</p>
          <Bars
            label="Probability of each item"
            bars={answer.value.predictions.map(({ id, probability, decision }) => ({
              name: id, value: probability, said: percent(probability) + (decision === undefined ? "" : `, ${decision}`),
            }))}
          />
          {answer.value.predictions.map(({ id, explanation }) => explanation !== undefined && (
            <details key={id} open={answer.value.predictions.length === 1}>
              <summary>Why {id}?</summary>
              <Bars label={`What features add to the log-odds of ${id}`} bars={reasons(explanation)} />
            </details>
          ))}
        </div>
      )}
    </Card>
  );
}

function reasons({ base, contributions, rest }: Explanation) {
  return [{ feature: "every row", value: base }, ...contributions, { feature: "all other features", value: rest }]
    .map(({ feature, value }) => ({ name: feature, value, said: signed(value) }));
}
