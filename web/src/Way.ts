/** How the user was authenticated: by the SIP password, at the WAF, or as a guest of the site (registration scenarios 1 to 3). */
export type Scenario = "S1" | "S2" | "S3";

/** What asks for a credential: a header in SIP, or one of the two paths over HTTP. */
export type Carrier = "header" | "credentials" | "token";

/**
 * A solution of the study by which this window gets its TURN credential. That a window may choose is a courtesy of
 * `portunus up`: a network has one solution, or two, chosen by its operator.
 */
export interface Way {
  readonly id: string;
  /** Named as the study names it. */
  readonly name: string;
  readonly carrier: Carrier;
  /** The type that the header asks for. */
  readonly type: "password" | "oauth";
  /** What the reader should know before anything is asked. */
  readonly note: string;
  /** Why there is none in a scenario; absent where it works. */
  readonly refusals: Partial<Record<Scenario, string>>;
}

const noToken = "Refused: in scenario 1 nobody but the IMS has authenticated the user, by SIP.";

export const ways: readonly Way[] = [
  {
    id: "a1", name: "Approach 1: shared secret", carrier: "header", type: "password", refusals: {},
    note: "The TURN server derives the password from a secret that it shares with the edge.",
  },
  {
    id: "a2-push", name: "Approach 2: pushed", carrier: "header", type: "password", refusals: {},
    note: "The edge has made it known to the TURN server before the 200. It ends with the registration, calls included.",
  },
  {
    id: "a2-pull", name: "Approach 2: pulled", carrier: "header", type: "password", refusals: {},
    note: "The edge keeps it, and the TURN server asks for it at the first Allocate. It ends with the registration, calls included.",
  },
  {
    id: "a2-integrated", name: "Approach 2: integrated", carrier: "header", type: "password", refusals: {},
    note: "The TURN server is part of a media gateway node, with a port of its own, and the edge has told it over the connection that "
      + "controls this node. It ends with the registration, calls included. No real media gateway is behind the node.",
  },
  {
    id: "combined", name: "Combined: the edge's token", carrier: "header", type: "oauth", refusals: {},
    note: "A browser cannot send a token of RFC 7635: no relay here. A native WIC can: portunus wic relay --credential oauth.",
  },
  {
    id: "http", name: "Approach 1 over HTTP", carrier: "credentials", type: "password",
    refusals: { S1: `${noToken} Over HTTP it has no token to show; ask in a REGISTER.` },
    note: "POST /turn/credentials with the access token, in place of the header.",
  },
  {
    id: "oauth", name: "OAuth: the WAF's token", carrier: "token", type: "oauth",
    refusals: { S1: `${noToken} The WAF gives no token; ask the eP-CSCF for the credential, in a REGISTER.` },
    note: "POST /turn/token. A browser cannot send a token of RFC 7635: no relay here. A native WIC can.",
  },
  {
    id: "s0", name: "Baseline S0: SIP password", carrier: "header", type: "password",
    refusals: {
      S1: "Off: the SIP password would be the TURN password, so every TURN server would know it. For comparison only.",
      S2: "Refused: this subscriber has no password that a TURN server could know.",
      S3: "Refused: this subscriber has no password that a TURN server could know.",
    },
    note: "",
  },
];

/** The way of that name, or the first. */
export const wayOf = (id: string | null | undefined): Way => ways.find(way => way.id === id) ?? ways[0]!;
