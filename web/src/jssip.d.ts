// What JsSIP 3.13.8 documents and does but its own types leave out.
import type { IncomingResponse } from "jssip/lib/SIPMessage";

declare module "jssip/lib/UA" {
  interface UA {
    sendOptions(target: URI | string, body?: string | null, options?: {
      extraHeaders?: string[];
      eventHandlers?: {
        succeeded?: (event: { response: IncomingResponse }) => void;
        failed?: (event: { response: IncomingResponse | null; cause: string }) => void;
      };
    }): void;
    removeAllListeners(): this;
  }
}
