/** Logs go to stderr as JSON lines: stdout belongs to the protocol. */
import type { Logger } from "pino";
import type { Clock, Log } from "./connector/contract.ts";

export interface LogOptions {
  /** `debug`, `info`, `warn`, `error` or `silent`. */
  readonly level: string;
  readonly clock: Clock;
  /** Default: stderr. */
  readonly write?: (line: string) => void;
}

export interface HubLog extends Log {
  /** Resolves when every line so far is written. A process that ends should wait for it. */
  flush(): Promise<void>;
}

type Level = keyof Log;

/** Should a secret ever be put into a log object or an error by mistake, these keys are blanked: the second net. */
const BLANKED = ["token", "apiToken", "accessToken", "authorization", "apikey", "password", "secret"];

/**
 * pino is loaded with the first line, because it would be a tenth of the time a client waits for a hub
 * that has nothing to say yet. Lines keep their order and the time they were logged at.
 */
export const createLog = (options: LogOptions): HubLog => {
  let loading: Promise<void> | undefined;
  let logger: Logger | undefined;
  let waiting: (() => void)[] = [];

  const load = async () => {
    logger = await createPino(options);
    for (const write of waiting) write();
    waiting = [];
  };
  // A hub whose log cannot be written still serves; that it has none is said where the log would be.
  const failed = (error: unknown) => void process.stderr.write(`revops-hub has no log: ${error}\n`);
  const at = (level: Level) => (facts: object, message?: string) => {
    const line = { time: new Date(options.clock.now()).toISOString(), ...facts };
    const write = () => logger?.[level](line, message);
    if (logger) return write();
    waiting.push(write);
    loading ??= load().catch(failed);
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    async flush() {
      await loading;
      await new Promise<void>((done) => (logger ? logger.flush(() => done()) : done()));
    },
  };
};

const createPino = async ({ level, write }: LogOptions): Promise<Logger> => {
  const { default: pino } = await import("pino");
  const settings = {
    level: level || "info",
    base: null,
    timestamp: false,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: BLANKED.flatMap((key) => [key, `err.${key}`]), censor: "[blanked]" },
  };
  if (write) return pino(settings, { write });
  const stderr = pino.destination({ dest: 2, sync: false });
  // Nobody reads it any more: no reason to end.
  stderr.on("error", () => {});
  return pino(settings, stderr);
};
