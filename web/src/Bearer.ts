/** A SIP access token, kept good for as long as it is used. */
export interface Bearer {
  /** The user part of the public identity that it names. */
  readonly name: string;
  /** As `Authorization` says it; a secret. */
  readonly value: string;
  /** Another one before this one ends; rejects with a sentence when there is none. */
  renew(): Promise<void>;
  /** Lets go of it at whoever gave it; never rejects. */
  end(): Promise<void>;
  /** When half of its life is over, in milliseconds since 1970. */
  readonly renewAt: number;
}

/** What an authorization server or a site says of a token that it gives. */
export interface Given {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly refresh_token?: unknown;
  readonly impu?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
}

/** POSTs a form, or nothing, and reads JSON; status 0 when nobody answered. */
export async function post(
  path: string, form?: Record<string, string>, token?: string,
): Promise<[status: number, json: Given & Record<string, unknown>, retryAfter: string | null]> {
  const response = await fetch(path, {
    method: "POST",
    headers: token ? { Authorization: token } : {},
    ...form ? { body: new URLSearchParams(form) } : {},
  }).catch(() => undefined);
  const json = await response?.json().catch(() => undefined);
  return [response?.status ?? 0, json ?? {}, response?.headers.get("Retry-After") ?? null];
}

/** Half of a life that begins now. @param seconds as the giver said; an hour when it did not */
export const halfOf = (seconds: unknown): number =>
  Date.now() + 500 * (typeof seconds === "number" && seconds > 0 ? seconds : 3600);

/** The user part of a sip URI of this realm. */
export function nameIn(impu: unknown, realm: string): string | undefined {
  const found = typeof impu === "string" ? /^sip:([^@;?]+)@([^;?]+)$/i.exec(impu) : undefined;
  return found && found[2]!.toLowerCase() === realm.toLowerCase() ? found[1] : undefined;
}
