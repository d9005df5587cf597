/** What an export job is: its order, its fate, its file. */

export interface ResultFile {
  readonly contentType: string;
  readonly body: string | Iterable<string>;
}

export type JobStatus = "SCHEDULED" | "STARTED" | "DONE" | "FAILED" | "CANCELLED" | "ABORTED";

export interface Job {
  readonly id: string;
  readonly userId: number;
  readonly order: JobOrder;
  readonly createdAt: number;
  /** Infinity: stalled in SCHEDULED. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly fails: boolean;
  readonly rowsTruncated: boolean;
  readonly cellsTruncated: boolean;
  readonly file: ResultFile;
  cancelled: "CANCELLED" | "ABORTED" | null;
  downloads: number;
}

export interface JobOrder {
  readonly module: "FORECAST" | "AUDIT" | "ACTIVITY";
  readonly title: string;
  /** Stands in the file's name: `net_arr_2026_Q2`. */
  readonly subject: string;
  readonly fileType: "JSON" | "CSV";
  readonly currency?: string;
  /** Makes the file as of now; a truncated one has half its rows. */
  readonly make: (truncated: boolean) => ResultFile;
}
