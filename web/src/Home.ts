/** The network this page belongs to: its home domain and where its edge listens. */
export class Home {
  /** Home domain; also the realm of SIP Digest. */
  readonly realm: string;
  /** W2 as an absolute ws or wss URL. */
  readonly w2: string;
  /** The page as a client of the WAF on the same origin; absent where there is neither WAF nor WWSF. */
  readonly client: string | undefined;
  /** The TURN server that the WAF makes tokens of RFC 7635 for. */
  readonly turnServer: string | undefined;

  constructor(realm: string, w2: string, client?: string, turnServer?: string) {
    this.realm = realm;
    this.w2 = w2;
    this.client = client;
    this.turnServer = turnServer;
  }

  /**
   * Asks the server that gave the page.
   * @throws Error whose message is a sentence for the reader.
   */
  static async ask(page: string): Promise<Home> {
    const response = await fetch(new URL("config.json", page)).catch(() => undefined);
    if (!response?.ok) throw new Error("The server did not say which network it serves. Reload the page to ask again.");
    return Home.read(await response.json().catch(() => undefined), page);
  }

  /** @throws Error whose message is a sentence for the reader. */
  static read(config: unknown, page: string): Home {
    const { realm, w2, client, turnServer } = (config ?? {}) as Record<string, unknown>;
    if (typeof realm !== "string" || realm === "" || typeof w2 !== "string" || !URL.canParse(w2, page))
      throw new Error("The server's config.json names no realm and no W2 address.");
    const url = new URL(w2, page);
    // A page over HTTPS gets WSS; anything else would be refused by the browser as mixed content.
    url.protocol = url.protocol.replace("http", "ws");
    return new Home(realm, url.href, text(client), text(turnServer));
  }

  /** The user part in what somebody typed: `bob`, `bob@realm` or `sip:bob@realm`; `undefined` if it names nobody here. */
  subscriber(typed: string): string | undefined {
    const name = typed.trim().replace(/^sip:/i, "");
    const at = name.lastIndexOf("@");
    if (at >= 0 && name.slice(at + 1).toLowerCase() !== this.realm.toLowerCase()) return undefined;
    const user = at >= 0 ? name.slice(0, at) : name;
    // The unreserved characters of RFC 3261 §25.1 and the plus of telephone numbers: they stand in a SIP URI as they are.
    return /^[A-Za-z0-9._!~*'()+-]{1,64}$/.test(user) ? user : undefined;
  }
}

const text = (value: unknown): string | undefined => typeof value === "string" && value !== "" ? value : undefined;
