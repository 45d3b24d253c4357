import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// File names carry no hash: the server revalidates every file, and one set of files lies in its folder.
export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    rolldownOptions: {
      output: { entryFileNames: "assets/studio.js", assetFileNames: "assets/studio[extname]" },
    },
  },
  server: { proxy: { "/v1": "http://127.0.0.1:8080" } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/patience.ts"],
    testTimeout: 120_000,
  },
});
