/** The smallest connector there is, to measure what everything around it costs. */

import { z } from "zod";
import { defineConnector, defineToolsOn } from "#connector";

const echo = defineToolsOn<null>()({
  name: "trivial_echo",
  title: "Echo",
  description: "Gives back the text it gets.",
  effect: "read",
  input: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  handle: async ({ text }) => ({ text }),
});

export default defineConnector({
  name: "trivial",
  title: "Trivial",
  config: z.strictObject({}),
  start: () => null,
  health: async () => ({ summary: "always well" }),
  tools: [echo],
});
