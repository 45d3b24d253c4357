/** A question whose answer decides something about a design, as `GET /v1/advice` gives it. */
export interface Question {
  key: string;
  text: string;
  /** What is taken where nobody answers; empty where somebody must. */
  default: string;
  /** The answers that there are; empty for a number or a length of time. */
  choices: readonly { word: string; meaning: string }[];
}

/** A proposed design, as `POST /v1/advice` gives it. */
export interface Proposal {
  lines: readonly Line[];
  /** The whole tandem.yaml. */
  text: string;
  /** What keeps it from running as it stands. */
  faults: readonly { code: string; what: string; remedy: string; place?: string }[];
}

export interface Line {
  path: string;
  /** As tandem.yaml has it. */
  said: string;
  /** What stood there; empty for nothing. */
  said_before: string;
  reason: string;
}

/** The answers of a form: what was left open is left out. */
export function answersOf(form: FormData, questions: readonly Question[]): Record<string, string> {
  const said = questions.map(({ key }) => [key, form.get(key)] as const);
  return Object.fromEntries(
    said.flatMap(([key, value]) => (typeof value === "string" && value.trim() !== "" ? [[key, value.trim()]] : [])),
  );
}
