/** One server-sent event. */
export interface ServerEvent {
  type: string;
  data: string;
}

/** Cuts a stream of text into server-sent events; keeps an unfinished one until its rest arrives. */
export class EventReader {
  #rest = "";

  /** Takes the next piece of text and gives the events it completes. */
  push(text: string): ServerEvent[] {
    const blocks = (this.#rest + text).replaceAll("\r\n", "\n").split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.map(parseBlock).filter((event) => event.data !== "");
  }
}

function parseBlock(block: string): ServerEvent {
  const event: ServerEvent = { type: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") {
      event.type = value;
    } else if (field === "data") {
      data.push(value);
    }
  }
  event.data = data.join("\n");
  return event;
}
