import { useState } from "react";

interface Props {
  refused: boolean;
  onKey: (key: string) => void;
}

/** Asks for the API key where the server wants one; it stays in this tab only. */
export function Unlock({ refused, onKey }: Props) {
  const [key, setKey] = useState("");
  return (
    <form
      className="notice unlock"
      onSubmit={(event) => {
        event.preventDefault();
        if (key !== "") {
          onKey(key);
        }
      }}
    >
      <label htmlFor="key">{refused ? "That key was refused. API key" : "This server asks for an API key"}</label>
      <input
        id="key"
        type="password"
        autoComplete="off"
        value={key}
        onChange={(event) => { setKey(event.target.value); }}
      />
      <button type="submit">Unlock</button>
    </form>
  );
}
