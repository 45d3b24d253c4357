/** What a page asked the server for: the answer, the reason why there is none, or that it is still under way. */
export type Answer<T> = { state: "loading" } | { state: "ready"; value: T } | { state: "failed"; reason: string };

/** Headers of a question for a kind of answer, with the key where one is known. */
export function asking(accept: string, key: string | null): Record<string, string> {
  return key === null ? { accept } : { accept, authorization: `Bearer ${key}` };
}

/** Asks the server for JSON; a refusal is thrown in the words the server gave. */
export async function get<T>(path: string, key: string | null, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: asking("application/json", key), signal, cache: "no-store" });
  if (!response.ok) {
    throw new Error(await refusal(response));
  }
  return (await response.json()) as T;
}

async function refusal(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { code?: string; what?: string; remedy?: string };
    if (problem.code !== undefined) {
      return `${problem.code}: ${problem.what ?? ""} ${problem.remedy ?? ""}`;
    }
  } catch {
    // The body is no report of a problem; the status has to do.
  }
  return `The server answered ${response.status}.`;
}
