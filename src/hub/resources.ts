/** What can be read of the hub itself. Its scheme is the product's, not the connector's. */
import type { Resource } from "../connector/offers.ts";

export const HUB_RESOURCES: readonly Resource[] = [
  {
    uri: "revops://status",
    name: "status",
    title: "Hub status",
    description: "Which systems answer and why one does not, read-only, kill switch, audit trail.",
    read: () => ({ tool: "hub_status", input: {} }),
  },
  {
    uri: "revops://catalog",
    name: "catalog",
    title: "Tool catalog",
    description: "The tools offered to you: whose they are, whether they read or write, what they take.",
    read: () => ({ tool: "hub_list_tools", input: {} }),
  },
  {
    uri: "revops://trail/recent",
    name: "trail",
    title: "Recent calls",
    description: "Your latest entries of the audit trail: what was called, how it ended. No values.",
    read: () => ({ tool: "hub_read_trail", input: {} }),
  },
  {
    uri: "revops://rows/{cursor}",
    name: "rows",
    title: "All rows of a cut table",
    description: "Every row of a table that was cut in an answer, by its cursor, as a spreadsheet takes it.",
    mimeType: "text/csv",
    read: ({ cursor }) => ({ tool: "hub_read_rows", input: { cursor } }),
  },
];
