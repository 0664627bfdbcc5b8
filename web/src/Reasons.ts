import type { TurnCredential } from "./TurnCredential.ts";
import type { Scenario } from "./Way.ts";

/** A STUN error or silence that the browser met while it gathered candidates. */
export interface GatheringError {
  readonly server: string;
  /** STUN error code (RFC 8489 §14.8), or 701: the server was not reached. */
  readonly code: number;
  readonly text: string;
}

/** Why something did not happen, in a sentence that says what the reader can do about it. */
export const Reasons = {
  /** @param status the final response to REGISTER; without one the request got no answer */
  registration(status: number | undefined, phrase: string | undefined): string {
    switch (status) {
      case undefined: return "The edge did not answer the registration.";
      case 401: case 403: case 404: case 407: return "The user name or the password is not right.";
      case 500: case 503: case 504: return `The network cannot register anyone just now (${status}). Try again in a moment.`;
      default: return `The registration was refused: ${status} ${phrase ?? ""}`.trim() + ".";
    }
  },

  /** Why an access token did not register. */
  token(scenario: Scenario, status: number, phrase: string | undefined): string {
    if (status === 401) return "The access token does not count any more. Sign in again.";
    return scenario === "S3"
      ? "This identity is in use: the site lends one to each browser, known by a cookie. Open a private window for another guest."
      : `The network does not register this identity: ${`${status} ${phrase ?? ""}`.trim()}.`;
  },

  /** Why a call we made was not answered. */
  outgoing(peer: string, cause: string, status: number | undefined, phrase: string | undefined): string {
    switch (status) {
      case 404: case 604: return `There is no subscriber ${peer}.`;
      case 408: return `${peer} did not answer.`;
      case 410: case 430: case 480: return `${peer} is not signed in, or cannot take the call.`;
      case 486: case 600: return `${peer} is busy.`;
      case 487: return "The call was cancelled.";
      case 488: case 606: return `${peer}'s client found no common way to talk.`;
      case 401: case 403: case 407: return `The network does not let this call through (${status}). Sign in again.`;
      case 603: return `${peer} declined.`;
      case 500: case 503: case 504: return `The network cannot place the call just now (${status}).`;
    }
    if (status !== undefined) return `The call failed: ${`${status} ${phrase ?? ""}`.trim()}.`;
    switch (cause) {
      case "Canceled": return "You ended the call.";
      case "Request Timeout": return `Nobody answered the call to ${peer}.`;
      case "Connection Error": return "The connection to the edge was lost before the call was answered.";
      default: return `The call failed: ${cause}.`;
    }
  },

  /** Why a call that came in was not taken. */
  incoming(peer: string, cause: string): string {
    switch (cause) {
      case "Canceled": return `Missed: ${peer} hung up before you answered.`;
      case "No Answer": case "Expires": return `Missed: a call from ${peer}.`;
      case "Rejected": return `You declined ${peer}'s call.`;
      case "Connection Error": return "The connection to the edge was lost before the call was set up.";
      default: return `The call from ${peer} failed: ${cause}.`;
    }
  },

  /** Why a call that was set up is over. */
  ended(peer: string, byPeer: boolean, cause: string): string {
    if (cause === "Request Timeout") return `${peer}'s client no longer answers.`;
    if (cause === "No ACK") return `${peer}'s client never confirmed the call.`;
    if (cause !== "Terminated") return `The call ended: ${cause}.`;
    return byPeer ? `${peer} hung up.` : "You hung up.";
  },

  /** What became of the media path of a call that had to be ended for it. */
  path: (talked: boolean) => talked
    ? "The path between the two ends broke, so the call was ended."
    : "The call was answered, but no path between the two ends was found.",

  /** Why a client that may only relay has no relay candidate. */
  noRelay(credential: TurnCredential | undefined, expired: boolean, errors: readonly GatheringError[]): string {
    if (expired) return "No relay candidate: the TURN credential has run out and the edge gave no new one.";
    if (!credential)
      return "No relay candidate: the edge gave no TURN credential, so there is no relay to call through.";
    const told = errors.find(error => error.code !== 701) ?? errors[0];
    switch (told?.code) {
      case undefined: return `No relay candidate: ${credential.uris.join(", ")} gave no relay address in time.`;
      case 701: return `No relay candidate: the TURN server ${told!.server} did not answer.`;
      case 401: return `No relay candidate: the TURN server ${told!.server} refused the credential (401).`;
      case 486: return `No relay candidate: this credential already holds all the relays it may (486).`;
      case 508: return `No relay candidate: the TURN server ${told!.server} has no relay left (508).`;
      default: return `No relay candidate: the TURN server ${told!.server} answered ${`${told!.code} ${told!.text}`.trim()}.`;
    }
  },

  /** Why there is no microphone. */
  microphone(error: unknown): string {
    switch ((error as { name?: string } | undefined)?.name) {
      case "NotAllowedError": case "SecurityError":
        return "The browser may not use the microphone. Allow it for this page (beside the address) and call again.";
      case "NotFoundError": case "OverconstrainedError": return "This machine has no microphone.";
      case "NotReadableError": case "AbortError": return "The microphone is in use by another program.";
      default: return "Browsers give the microphone only to pages from localhost or over HTTPS.";
    }
  },
};
