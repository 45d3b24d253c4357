import { configure } from "@testing-library/react";

// A busy machine may take long to draw; only a test that fails waits for so long.
configure({ asyncUtilTimeout: 60_000 });
