import { useState } from "react";
import { historyPath, isComputed, moment, said, type History, type View } from "./features";
import { useAnswer } from "./useAnswer";

interface Props {
  views: readonly View[];
  apiKey: string | null;
}

interface Asked {
  view: string;
  id: string;
  asOf: string;
}

/** Asks what the features of one entity were as of any moment, and shows the events behind them. */
export function Lookup({ views, apiKey }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const answer = useAnswer<History>(asked === null ? null : historyPath(asked.view, asked.id, asked.asOf), apiKey);
  return (
    <section className="lookup" aria-labelledby="lookup">
      <h2 id="lookup">Why is a value what it is?</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          setAsked({ view: text(form, "view"), id: text(form, "id"), asOf: text(form, "asOf") });
        }}
      >
        <label>
          View
          <select name="view">
            {views.filter((view) => !isComputed(view)).map((view) => (
              <option key={view.name}>{view.name}</option>
            ))}
          </select>
        </label>
        <label>
          Id of the entity
          <input name="id" required maxLength={512} placeholder="u42; of a pair u42|news" autoComplete="off" />
        </label>
        <label>
          As of, UTC
          <input name="asOf" placeholder="now, or 2026-01-02T03:04:05Z" autoComplete="off" />
        </label>
        <button type="submit">Look up</button>
      </form>
      {answer?.state === "loading" && <p className="none" role="status">Reading the lake and the log behind it…</p>}
      {answer?.state === "failed" && <p className="notice" role="alert">{answer.reason}</p>}
      {answer?.state === "ready" && <HistoryView history={answer.value} />}
    </section>
  );
}

function HistoryView({ history }: { history: History }) {
  const [near, setNear] = useState<string | null>(null);
  return (
    <div className="history">
      <p role="status">
        {history.view} of <strong>{history.id}</strong> as of {moment(history.as_of)}:{" "}
        {history.event_count === 0
          ? "no event about it had happened and was known."
          : `${history.event_count} ${history.event_count === 1 ? "event" : "events"} behind the values` +
            (history.events.length < history.event_count ? `, the newest ${history.events.length} shown.` : ".")}
      </p>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Feature</th>
              <th scope="col">Value</th>
              <th scope="col" className="right">Events</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {history.values.map((value) => (
              <tr
                key={value.feature}
                className={near === value.feature ? "near" : ""}
                // Reached by keyboard or pointer, a feature brings out the events it counts.
                tabIndex={0}
                onFocus={() => { setNear(value.feature); }}
                onBlur={() => { setNear(null); }}
                onPointerEnter={() => { setNear(value.feature); }}
                onPointerLeave={() => { setNear(null); }}
              >
                <th scope="row">{value.feature}</th>
                <td>{said(value.value)}</td>
                <td className="right">{value.seen}</td>
                <td>{value.window_start === undefined ? "all time" : moment(value.window_start)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {history.events.length > 0 && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Happened</th>
                <th scope="col">Known</th>
                <th scope="col">What was read</th>
                <th scope="col" className="right">Counts in</th>
              </tr>
            </thead>
            <tbody>
              {history.events.map((event, index) => (
                <tr key={index} className={near !== null && event.counts_in.includes(near) ? "near" : ""}>
                  <td>{event.event_time === undefined ? "–" : moment(event.event_time)}</td>
                  <td>{moment(event.known_time)}</td>
                  <td>
                    {Object.entries(event.cells)
                      .map(([name, cell]) => `${name} ${cell}`)
                      .join(", ")}
                  </td>
                  <td className="right" title={event.counts_in.join(", ")}>{event.counts_in.length}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
