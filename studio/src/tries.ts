/** What a request may say of itself, as `GET /v1/features` lists it. */
export interface RequestColumn {
  name: string;
  type: "text" | "whole" | "number" | "flag" | "time" | "numbers" | "texts";
  is_required: boolean;
}

/** The answer of `POST /v1/predict`. */
export interface Predicted {
  model_version: string;
  predictions: readonly Prediction[];
}

export interface Prediction {
  id: string;
  probability: number;
  decision?: string;
  explanation?: Explanation;
}

/** What features add to the log-odds, those that move them most first; base, contributions and rest add up. */
export interface Explanation {
  base: number;
  contributions: readonly { feature: string; value: number }[];
  rest: number;
}

/** A question for `POST /v1/predict` from what was typed; columns left open are left out. */
export function question(form: FormData, columns: readonly RequestColumn[]): Record<string, unknown> {
  const user = typed(form, "user");
  const context = columns.flatMap(({ name, type }) => {
    const said = typed(form, `context-${name}`);
    return said === "" ? [] : [[name, valueOf(said, type)] as const];
  });
  return {
    ...(user === "" ? {} : { user }),
    items: list(typed(form, "items")),
    ...(form.get("explain") === null ? {} : { explain: true }),
    ...(context.length === 0 ? {} : { context: Object.fromEntries(context) }),
  };
}

/** A column's value from its text; what is no number is sent as it was typed, for the server to say so. */
function valueOf(said: string, type: RequestColumn["type"]): unknown {
  switch (type) {
    case "whole":
    case "number":
      return numberOf(said);
    case "flag":
      return said === "true" ? true : said === "false" ? false : said;
    case "numbers":
      return list(said).map(numberOf);
    case "texts":
      return list(said);
    default:
      return said;
  }
}

function numberOf(said: string): number | string {
  const value = Number(said);
  return Number.isFinite(value) ? value : said;
}

function list(said: string): string[] {
  return said.split(",").map((each) => each.trim()).filter((each) => each !== "");
}

function typed(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
