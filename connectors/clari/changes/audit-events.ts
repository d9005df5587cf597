/** Clari's audit log, page after page: who did what in Clari, some thirty days back, in no documented order. */
import { isHubError } from "#connector";
import { type AuditFilter, type ClariApi, type ClariRequest, requests } from "../api.ts";
import type { AuditEvent, AuditPage } from "./audit-page.ts";

export interface AuditReading {
  /** In the order in which Clari sent them. */
  readonly events: readonly AuditEvent[];
  /** How many could not be read. */
  readonly unreadable: number;
  /** Why the log was not read to its end, in our words; undefined when it was. */
  readonly cut?: string;
}

/** So many thousand events. */
const MOST_PAGES = 20;

/**
 * Throws what kept the first page from coming; what kept a later one is said in `cut`. `isLate` is asked
 * before each further page: true ends the reading with what there is.
 */
export const readAuditEvents = async (
  api: Pick<ClariApi, "auditEvents" | "linked">,
  filter: AuditFilter,
  isLate: () => boolean = () => false,
): Promise<AuditReading> => {
  const pages: AuditPage[] = [];
  const asked = new Set<string>();
  const reading = (cut?: string): AuditReading => ({
    events: pages.flatMap(({ events }) => events),
    unreadable: pages.reduce((sum, { unreadable }) => sum + unreadable, 0),
    ...(cut && { cut }),
  });

  let request: ClariRequest | undefined = requests.auditEvents(filter);
  while (pages.length < MOST_PAGES) {
    asked.add(request.path);
    const failed = await api.auditEvents(request).then(
      (page) => void pages.push(page),
      (error: unknown) => {
        if (pages.length === 0 || !isHubError(error)) throw error;
        return error;
      },
    );
    if (failed) return reading(`a further page did not come: ${failed.message}`);
    const { nextLink } = pages.at(-1)!;
    if (!nextLink) return reading();
    request = api.linked(nextLink);
    if (!request) return reading("its next page is said to be at another address, which is not followed.");
    if (asked.has(request.path)) return reading("its pages lead in a circle.");
    if (isLate()) return reading("reading it took too long; ask for fewer days.");
  }
  return reading(`it has more than ${MOST_PAGES} pages; ask for fewer days.`);
};
