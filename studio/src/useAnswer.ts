import { useEffect, useState } from "react";
import { get, type Answer } from "./api";

/** Asks the server again whenever the path changes, and every so often where asked to; null asks nothing. */
export function useAnswer<T>(path: string | null, key: string | null, everySeconds?: number): Answer<T> | null {
  const [answered, setAnswered] = useState<{ path: string; answer: Answer<T> } | null>(null);
  useEffect(() => {
    if (path === null) {
      return;
    }
    const wanted = path;
    const stop = new AbortController();
    async function ask(): Promise<void> {
      try {
        const value = await get<T>(wanted, key, stop.signal);
        setAnswered({ path: wanted, answer: { state: "ready", value } });
      } catch (error) {
        if (!stop.signal.aborted) {
          const reason = error instanceof Error ? error.message : "The connection failed.";
          setAnswered({ path: wanted, answer: { state: "failed", reason } });
        }
      }
    }
    void ask();
    const timer = everySeconds === undefined ? undefined : setInterval(() => void ask(), everySeconds * 1000);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [path, key, everySeconds]);
  return path === null ? null : answered?.path === path ? answered.answer : { state: "loading" };
}
