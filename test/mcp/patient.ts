/** A connector whose tools take until a file appears, and one that slips: for how a hub ends, and goes on. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { defineConnector, defineToolsOn } from "#connector";

const tool = defineToolsOn<object>();
const appears = async (file: string) => {
  while (!existsSync(file)) await sleep(5);
};

const read = tool({
  name: "patient_get_record",
  title: "Read patiently",
  description: "Answers when a file is there.",
  effect: "read",
  input: z.strictObject({ file: z.string() }),
  output: z.object({ read: z.boolean() }),
  async handle({ file }, { signal }) {
    while (!existsSync(file)) await sleep(5, undefined, { signal });
    return { read: true };
  },
});

const write = tool({
  name: "patient_set_record",
  title: "Write patiently",
  description: "Writes when a file is there.",
  effect: "write",
  input: z.strictObject({ file: z.string(), justification: z.string() }),
  output: z.object({ written: z.boolean() }),
  reason: ({ justification }) => justification,
  preview: async ({ file }) => [
    { record: { system: "patient", object: "Record", id: "1" }, field: "file", before: null, after: file },
  ],
  plan: () => [],
  async handle({ file }) {
    process.stderr.write("the write has begun\n");
    await appears(file);
    return { written: true };
  },
});

const slip = tool({
  name: "patient_get_slip",
  title: "Slip",
  description: "Leaves an error behind that nobody waits for.",
  effect: "read",
  input: z.strictObject({ how: z.enum(["rejection", "exception"]) }),
  output: z.object({ answered: z.boolean() }),
  async handle({ how }) {
    if (how === "rejection") void Promise.reject(new Error("stray"));
    else
      setImmediate(() => {
        throw new Error("stray");
      });
    return { answered: true };
  },
});

export default defineConnector({
  name: "patient",
  title: "Patient",
  config: z.strictObject({}),
  start: () => ({}),
  health: async () => ({ summary: "\u001b[2Jwaiting" }),
  tools: [read, write, slip],
});
