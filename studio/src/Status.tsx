import type { Connection } from "./live";
import type { Snapshot } from "./snapshot";

interface Props {
  connection: Connection;
  snapshot: Snapshot | null;
}

/** What the system is doing, and whether these numbers are live. Only changes of state are announced, not every second. */
export function Status({ connection, snapshot }: Props) {
  return (
    <div className="status">
      {snapshot !== null && <span className="phase">{snapshot.phase}</span>}
      <span className={`connection ${connection.state}`} role="status">
        {words(connection)}
      </span>
      {snapshot?.problem && (
        <span className="problem" role="alert" title={snapshot.problem.message}>
          {snapshot.problem.job} failed: {snapshot.problem.message}
        </span>
      )}
      {snapshot !== null && <time dateTime={snapshot.time}>{clock(snapshot.time)}</time>}
    </div>
  );
}

function words(connection: Connection): string {
  switch (connection.state) {
    case "connecting":
      return "connecting";
    case "live":
      return "live";
    case "lost":
      return "reconnecting";
    case "locked":
      return "locked";
  }
}

/** Time of day in UTC, so that it reads like the raw log. */
function clock(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : `${date.toISOString().slice(11, 19)} UTC`;
}
