/**
 * `node test/fuzz/soql.ts 1000000 [seed]`: hardens that many generated texts and prints what happened.
 * Exit code 1 if one crashed, took longer than 20 ms, changed when hardened again, or was accepted
 * although it asks for more than rows. A slow one is measured again before it counts: the machine may
 * have been busy, the text is innocent if it is ever fast.
 */
import fc from "fast-check";
import { SoqlError } from "../../connectors/salesforce/soql/errors.ts";
import { harden } from "../../connectors/salesforce/soql/harden.ts";
import { SALESFORCE_LIMITS } from "../../connectors/salesforce/soql/limits.ts";
import { DEFAULT_POLICY } from "../../connectors/salesforce/soql/policy.ts";
import { asksForMoreThanRows, soqlInputs } from "./soql-inputs.ts";

/** As the connector sets it: long lists of ids are sent in parts, so the text may be long. */
const POLICY = { ...DEFAULT_POLICY, maxLength: SALESFORCE_LIMITS.maxLength };

const runs = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const SLOW_MS = 20;
const AGAIN_MS = 2;
const BATCH = 2_000;

interface Run {
  readonly soql?: string;
  readonly code?: string;
  readonly ms: number;
}

function run(text: string): Run {
  const begin = performance.now();
  try {
    const { soql } = harden(text, POLICY);
    return { soql, ms: performance.now() - begin };
  } catch (error) {
    const code = error instanceof SoqlError ? error.code : "CRASH";
    return { code, ms: performance.now() - begin };
  }
}

const counts = { texts: 0, accepted: 0, crashes: 0, slow: 0, notFixpoint: 0, acceptedWithSideEffects: 0 };
const codes: Record<string, number> = {};
const examples: string[] = [];
let slowest = { ms: 0, length: 0, text: "" };

const bad = (kind: "crashes" | "slow" | "notFixpoint" | "acceptedWithSideEffects", text: string) => {
  counts[kind]++;
  if (examples.length < 10) examples.push(`${kind}: ${JSON.stringify(text).slice(0, 400)}`);
};

for (let batch = 0; counts.texts < runs; batch++) {
  const numRuns = Math.min(BATCH, runs - counts.texts);
  for (const text of fc.sample(soqlInputs, { numRuns, seed: seed + batch })) {
    counts.texts++;
    const first = run(text);
    const ms = first.ms > AGAIN_MS ? Math.min(first.ms, run(text).ms, run(text).ms) : first.ms;
    if (ms > slowest.ms) slowest = { ms, length: text.length, text: text.slice(0, 100) };
    if (ms > SLOW_MS) bad("slow", text);
    if (first.code === "CRASH") bad("crashes", text);
    if (first.code !== undefined) codes[first.code] = (codes[first.code] ?? 0) + 1;
    if (first.soql === undefined) continue;
    counts.accepted++;
    if (run(first.soql).soql !== first.soql) bad("notFixpoint", text);
    if (asksForMoreThanRows(first.soql)) bad("acceptedWithSideEffects", text);
  }
}

process.stdout.write(`${JSON.stringify({ seed, ...counts, slowest, codes, examples }, null, 2)}\n`);
process.exitCode = examples.length > 0 ? 1 : 0;
