import { useEffect, useRef, useState } from "react";
import { get, post, type Answer } from "./api";

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
          setAnswered({ path: wanted, answer: failed(error) });
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

/** Sends bodies to a path, one after another; an answer that a later body overtook is dropped. */
export function useSending<T>(path: string, key: string | null): readonly [Answer<T> | null, (body: unknown) => void] {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const sending = useRef<AbortController | null>(null);
  useEffect(() => () => sending.current?.abort(), []);
  async function send(body: unknown): Promise<void> {
    sending.current?.abort();
    const stop = new AbortController();
    sending.current = stop;
    setAnswer({ state: "loading" });
    try {
      const value = await post<T>(path, body, key, stop.signal);
      setAnswer({ state: "ready", value });
    } catch (error) {
      if (!stop.signal.aborted) {
        setAnswer(failed(error));
      }
    }
  }
  return [answer, (body) => void send(body)];
}

function failed(error: unknown): { state: "failed"; reason: string } {
  return { state: "failed", reason: error instanceof Error ? error.message : "The connection failed." };
}
