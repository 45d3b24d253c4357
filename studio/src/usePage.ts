import { useSyncExternalStore } from "react";

export const pages = ["loops", "features", "models", "advice"] as const;
export type Page = (typeof pages)[number];

/** The page that the address names behind its hash; the loops where it names none. */
export function usePage(): Page {
  return useSyncExternalStore(follow, read);
}

function follow(onChange: () => void): () => void {
  window.addEventListener("hashchange", onChange);
  return () => {
    window.removeEventListener("hashchange", onChange);
  };
}

function read(): Page {
  const name = window.location.hash.replace(/^#\/?/, "");
  return pages.find((page) => page === name) ?? "loops";
}
