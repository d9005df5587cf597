/** Errors of the hub as errors of the protocol, for methods whose results have no place for one. */
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { type ErrorCode, toHubError } from "../errors.ts";

/** `error` of a refused answer. */
export interface PublicError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** What is wrong with what the client asked for, rather than with the hub or a system. */
const ASKED_WRONG = new Set<ErrorCode>(["invalid_input", "not_found", "unknown_tool"]);
const LONGEST_URI = 500;

/** @param uri of the resource, where it is one that was asked for */
export const protocolError = (error: PublicError, uri?: string): ProtocolError => {
  const said = `${error.message} ${error.hint}`;
  if (uri !== undefined && error.code === "not_found")
    return new ResourceNotFoundError(uri.slice(0, LONGEST_URI), said);
  const code = ASKED_WRONG.has(error.code)
    ? ProtocolErrorCode.InvalidParams
    : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, said, error);
};

/** What was thrown before there was a call. Our own words only. */
export const thrownError = (thrown: unknown, uri?: string): ProtocolError => {
  const { code, message, hint } = toHubError(thrown);
  return protocolError({ code, message, hint }, uri);
};
