/** Logs go to stderr as JSON lines: stdout belongs to the protocol. */
import pino from "pino";
import type { Log } from "./connector/contract.ts";

export interface LogOptions {
  /** `debug`, `info`, `warn`, `error` or `silent`. */
  readonly level: string;
  /** Default: stderr. */
  readonly write?: (line: string) => void;
}

/** Should a secret ever be put into a log object by mistake, these keys are blanked: the second net. */
const BLANKED = ["token", "apiToken", "accessToken", "authorization", "apikey", "password", "secret"];

export const createLog = ({ level, write }: LogOptions): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: BLANKED.flatMap((key) => [key, `*.${key}`]), censor: "[blanked]" },
    },
    write ? { write } : pino.destination({ dest: 2, sync: true }),
  );
