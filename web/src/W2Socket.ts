import { WebSocketInterface } from "jssip";

/** W2 as JsSIP opens it, with one rule of TS 24.371 §7.2.1 that JsSIP 3.13.8 does not know: an ACK shows no access token. */
export class W2Socket extends WebSocketInterface {
  override send(message: string | ArrayBufferLike | Blob | ArrayBufferView): boolean {
    return super.send(typeof message === "string" && message.startsWith("ACK ")
      ? message.replace(/^Authorization: Bearer [^\r\n]*\r\n/m, "")
      : message);
  }
}
