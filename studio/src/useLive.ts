import { useEffect, useState } from "react";
import { follow, type Connection } from "./live";
import type { Snapshot } from "./snapshot";

/** Snapshots kept for the small curves: two minutes at one a second. */
const HISTORY = 120;

export interface Live {
  snapshot: Snapshot | null;
  /** The newest snapshots, oldest first. */
  history: readonly Snapshot[];
  connection: Connection;
}

/** Follows the server for as long as the component lives. */
export function useLive(key: string | null): Live {
  const [history, setHistory] = useState<readonly Snapshot[]>([]);
  const [connection, setConnection] = useState<Connection>({ state: "connecting" });
  useEffect(() => {
    const stop = new AbortController();
    void follow(
      {
        key,
        onConnection: setConnection,
        onSnapshot: (snapshot) => {
          setHistory((before) => [...before.slice(1 - HISTORY), snapshot]);
        },
      },
      stop.signal,
    );
    return () => {
      stop.abort();
    };
  }, [key]);
  return { snapshot: history.at(-1) ?? null, history, connection };
}
