/** Checks what a connector offers beside tools, before any of it is shown to anybody. */
import { isResourceUri, schemeOf, shapeOf, variablesOf } from "../catalog/resource-uri.ts";
import type { HubError } from "../errors.ts";
import type { AnyConnector } from "./any.ts";
import { hidesText } from "./hidden-text.ts";
import type { Completion, Prompt, Resource } from "./offers.ts";
import { toolsOf } from "./resource-tools.ts";

type Unfit = (what: string) => HubError;

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
const MIME_TYPES = ["application/json", "text/csv", undefined];

/**
 * A connector's resources have its own name as their scheme and call its own reading tools: nobody can
 * speak for another system, and nothing is written by reading.
 */
export const vetOffers = (connector: AnyConnector, unfit: Unfit): void => {
  const { resources = [], prompts = [] } = connector;
  if (!Array.isArray(resources) || !Array.isArray(prompts))
    throw unfit("resources and prompts must be lists");
  for (const resource of resources) vetResource(resource, connector, unfit);
  for (const prompt of prompts) vetPrompt(prompt, connector, unfit);
  const shapes = resources.map(({ uri }) => shapeOf(uri));
  if (new Set(shapes).size < shapes.length) throw unfit("two of its resources have the same URI");
  if (new Set(prompts.map(({ name }) => name)).size < prompts.length)
    throw unfit("two of its prompts have the same name");
};

const vetResource = (resource: Resource, connector: AnyConnector, unfit: Unfit): void => {
  const { uri, name, title, description, mimeType, read, complete = {} } = resource ?? {};
  if (typeof uri !== "string" || !isResourceUri(uri) || schemeOf(uri) !== connector.name)
    throw unfit(
      `a resource's URI must begin with "${connector.name}://", and be plain segments or {variables}`,
    );
  const wrong = (what: string) => unfit(`the resource ${uri}: ${what}`);
  if (![name, title, description].every(isText) || typeof read !== "function")
    throw wrong("name, title, description and read are needed");
  if (!MIME_TYPES.includes(mimeType)) throw wrong("mimeType must be application/json or text/csv");
  if (hidesText([name, title, description])) throw wrong(HIDES);
  const variables = variablesOf(uri);
  if (new Set(variables).size < variables.length) throw wrong("a variable stands in it twice");
  if (!Object.keys(complete).every((variable) => variables.includes(variable)))
    throw wrong("it completes variables that it does not have");
  for (const completion of Object.values(complete)) vetCompletion(completion, connector, wrong);
  const tools = toolsOf(resource);
  if (!Array.isArray(tools) || tools.length === 0)
    throw wrong("it must name its tools, since its variables' names alone cannot be read");
  for (const tool of tools) requireReadTool(tool, connector, wrong);
};

const vetPrompt = (prompt: Prompt, connector: AnyConnector, unfit: Unfit): void => {
  const { name, title, description, arguments: given, text } = prompt ?? {};
  if (typeof name !== "string" || !NAME.test(name))
    throw unfit("a prompt's name must be lower-case letters, digits and underscores");
  const wrong = (what: string) => unfit(`the prompt ${name}: ${what}`);
  if (![title, description].every(isText) || !Array.isArray(given) || typeof text !== "function")
    throw wrong("title, description, arguments and text are needed");
  for (const argument of given) {
    if (!NAME.test(argument?.name ?? "") || !isText(argument.description))
      throw wrong("each argument needs a name in lower case and a description");
    if (argument.complete) vetCompletion(argument.complete, connector, wrong);
  }
  if (new Set(given.map((argument) => argument.name)).size < given.length)
    throw wrong("two arguments have the same name");
  const said = textOf(prompt, wrong);
  if (!isText(said)) throw wrong("its text is empty");
  if (hidesText([title, description, said, ...given.map((argument) => argument.description)]))
    throw wrong(HIDES);
};

const HIDES = "its text hides characters or poses as instructions";

const vetCompletion = ({ tool, input }: Completion, connector: AnyConnector, wrong: Unfit): void => {
  if (typeof input !== "function") throw wrong("a completion needs input");
  requireReadTool(tool, connector, wrong);
};

const requireReadTool = (name: string, { tools }: AnyConnector, wrong: Unfit): void => {
  const tool = tools.find((one) => one.name === name);
  if (tool?.effect !== "read") throw wrong("what it calls must be a reading tool of this connector");
};

/** With each argument's name in its place. */
const textOf = (prompt: Prompt, wrong: Unfit): unknown => {
  try {
    const sample = Object.fromEntries(prompt.arguments.map(({ name }) => [name, name]));
    return prompt.text(sample, (declared) => declared);
  } catch {
    throw wrong("its text cannot be made");
  }
};

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
