/** Who holds a lease: a process id alone comes again, in a container even with the next start. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

export interface Holder {
  readonly pid: number;
  /** When the process started, where the system tells others (Linux); else a name nobody else has. */
  readonly started: string;
}

/** Boot and clock ticks since: `man 5 proc_pid_stat`, field 22. Undefined where there is no /proc. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in brackets, may itself hold spaces and brackets.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${ticks}`;
  } catch {
    return undefined;
  }
};

let own: Holder | undefined;
export const thisProcess = (): Holder => {
  own ??= { pid: process.pid, started: startOf(process.pid) ?? randomUUID() };
  return own;
};

/** Whether the holder is gone, `isAlive` telling whether any process has its id now. */
export const isGone = ({ pid, started }: Holder, isAlive: (pid: number) => boolean): boolean => {
  if (!isAlive(pid)) return true;
  const now = pid === process.pid ? thisProcess().started : startOf(pid);
  return now !== undefined && now !== started;
};
