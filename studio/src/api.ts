/** What a page asked the server for: the answer, the reason why there is none, or that it is still under way. */
export type Answer<T> = { state: "loading" } | { state: "ready"; value: T } | { state: "failed"; reason: string };

/** Headers of a question for a kind of answer, with the key where one is known. */
export function asking(accept: string, key: string | null): Record<string, string> {
  return key === null ? { accept } : { accept, authorization: `Bearer ${key}` };
}

/** Asks the server for JSON; a refusal is thrown in the words the server gave. */
export function get<T>(path: string, key: string | null, signal: AbortSignal): Promise<T> {
  return ask<T>(path, { headers: asking("application/json", key), signal });
}

/** Sends the server JSON, and gives its answer as `get` does. */
export function post<T>(path: string, body: unknown, key: string | null, signal: AbortSignal): Promise<T> {
  const headers = { ...asking("application/json", key), "content-type": "application/json" };
  return ask<T>(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

async function ask<T>(path: string, request: RequestInit): Promise<T> {
  const response = await fetch(path, { ...request, cache: "no-store" });
  if (!response.ok) {
    throw new Error(await refusal(response));
  }
  return (await response.json()) as T;
}

interface Problem {
  code?: string;
  what?: string;
  remedy?: string;
  /** All of them, where there are several. */
  faults?: readonly Problem[];
}

async function refusal(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as Problem;
    if (problem.code !== undefined) {
      return (problem.faults ?? [problem]).map((each) => `${each.code ?? ""}: ${each.what ?? ""} ${each.remedy ?? ""}`).join("\n");
    }
  } catch {
    // The body is no report of a problem; the status has to do.
  }
  return `The server answered ${response.status}.`;
}
