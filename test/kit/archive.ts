import library from "./library.ts";

/** The same prompts under another connector's name, to make names collide. */
export default {
  ...library,
  name: "archive",
  tools: library.tools.map((tool) => ({ ...tool, name: tool.name.replace("library_", "archive_") })),
  resources: [],
  prompts: library.prompts?.map((prompt) => ({ ...prompt, arguments: [] })),
};
