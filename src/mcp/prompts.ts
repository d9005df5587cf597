/** Prompts: a conversation that somebody begins, in words made here. Nothing is called for them. */
import type { Hub } from "../hub/hub.ts";
import type { Server } from "./arrivals.ts";
import { thrownError } from "./refusals.ts";

export const servePrompts = (server: Server, hub: Hub): void => {
  server.setRequestHandler("prompts/list", () => ({
    prompts: hub.prompts().map(({ name, title, description, arguments: given }) => ({
      name,
      title,
      description,
      arguments: given.map((argument) => ({
        name: argument.name,
        description: argument.description,
        required: argument.required ?? false,
      })),
    })),
  }));

  server.setRequestHandler("prompts/get", ({ params: { name, arguments: given = {} } }) => {
    try {
      const { prompt, text } = hub.promptText(name, given);
      return {
        description: prompt.description,
        messages: [{ role: "user" as const, content: { type: "text" as const, text } }],
      };
    } catch (thrown) {
      throw thrownError(thrown);
    }
  });
};
