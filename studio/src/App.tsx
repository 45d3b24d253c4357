import { useState } from "react";
import { AdvicePage } from "./AdvicePage";
import { FeaturesPage } from "./FeaturesPage";
import { Loops } from "./Loops";
import { ModelsPage } from "./ModelsPage";
import { Status } from "./Status";
import { Unlock } from "./Unlock";
import { useLive } from "./useLive";
import { pages, usePage, type Page } from "./usePage";

const KEY = "tandem-key";

const names: Record<Page, string> = { loops: "Loops", features: "Features", models: "Models", advice: "Advice" };

/** The frame: name and state above, the picture of both loops or another page below. */
export function App() {
  const [key, setKey] = useState(() => sessionStorage.getItem(KEY));
  const { snapshot, history, connection } = useLive(key);
  const page = usePage();

  function unlock(entered: string): void {
    sessionStorage.setItem(KEY, entered);
    setKey(entered);
  }

  return (
    <>
      <header className="top">
        <img src="/favicon.svg" alt="" width="34" height="34" />
        <div className="names">
          <h1>{snapshot?.name ?? "Tandem"}</h1>
          <p>Two loops, closed through the raw log</p>
        </div>
        <nav aria-label="Pages">
          {pages.map((each) => (
            <a key={each} href={`#/${each}`} aria-current={each === page ? "page" : undefined}>
              {names[each]}
            </a>
          ))}
        </nav>
        <Status connection={connection} snapshot={snapshot} />
      </header>
      {connection.state === "lost" && (
        <p className="notice" role="alert">
          {snapshot === null ? "No numbers yet." : "The numbers below are from before the connection was lost."} {connection.reason}{" "}
          Trying again.
        </p>
      )}
      {connection.state === "locked" && <Unlock refused={connection.refused} onKey={unlock} />}
      {snapshot?.log.events === 0 && snapshot.log.endPosition === 0 && (
        <p className="notice calm">
          The raw log is empty. Send events to <code>POST /v1/events</code> and both loops begin to turn.
        </p>
      )}
      <main className={connection.state === "live" ? "" : "stale"}>
        {page === "loops" && <Loops snapshot={snapshot} history={history} />}
        {page === "features" && <FeaturesPage apiKey={key} />}
        {page === "models" && <ModelsPage apiKey={key} />}
        {page === "advice" && <AdvicePage apiKey={key} />}
      </main>
    </>
  );
}
