import type { Resource } from "#connector";

export const resources: readonly Resource[] = [
  {
    uri: "revops://glossary",
    name: "glossary",
    title: "Glossary",
    description:
      "What the words in these answers mean, with the thresholds set here; the fiscal calendar; fields of this organisation.",
    read: () => ({ tool: "revops_get_glossary", input: {} }),
  },
];
