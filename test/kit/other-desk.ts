import desk from "./desk.ts";

/** The same tools under another connector's name, to make names collide. */
export default {
  ...desk,
  name: "other",
  tools: desk.tools.map((tool) => ({ ...tool, name: tool.name.replace("desk_", "other_") })),
};
