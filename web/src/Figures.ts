/** One end of the path media takes. */
export interface Candidate {
  /** host, srflx, prflx or relay (RFC 8445 §5.1.1). */
  readonly type: string;
  /** Address and port as one text, IPv6 in brackets. */
  readonly address: string;
  /** udp or tcp: between this end and its peer. */
  readonly protocol: string;
  /** udp, tcp or tls: between the client and its TURN server; only of a local relay candidate. */
  readonly relayProtocol: string | undefined;
  /** The TURN server's URI; only of a local relay candidate. */
  readonly server: string | undefined;
}

/** What one reading of RTCPeerConnection.getStats says about a call, and how fast it changed since the reading before. */
export class Figures {
  /** When it was read, in milliseconds. */
  at = 0;
  local: Candidate | undefined;
  remote: Candidate | undefined;
  /** Bytes over the selected pair. */
  sent = 0;
  received = 0;
  /** Bits per second over the selected pair since the reading before. */
  sendRate = 0;
  receiveRate = 0;
  /** Bytes of received audio, without headers. */
  audioReceived = 0;
  packetsReceived = 0;
  /** Packets the network lost on the way here; on the way there, as the peer reports them. */
  lostHere: number | undefined;
  lostThere: number | undefined;
  /** Seconds. */
  jitter: number | undefined;
  roundTrip: number | undefined;
  /** Loudness of what is heard, 0 to 1. */
  level = 0;
  codec: string | undefined;
  /** DTLS version and SRTP cipher. */
  security: string | undefined;

  static read(report: Iterable<[string, Record<string, any>]>, at: number, before?: Figures): Figures {
    const all = new Map(report);
    const of = (type: string, kind?: string) =>
      [...all.values()].find(entry => entry.type === type && (kind === undefined || entry.kind === kind));

    const figures = new Figures();
    figures.at = at;

    const transport = of("transport");
    // A browser without the transport's entry marks the pair itself.
    const pair = all.get(transport?.selectedCandidatePairId)
      ?? [...all.values()].find(entry => entry.type === "candidate-pair" && entry.selected === true);
    if (pair) {
      figures.local = candidate(all.get(pair.localCandidateId));
      figures.remote = candidate(all.get(pair.remoteCandidateId));
      figures.sent = pair.bytesSent ?? 0;
      figures.received = pair.bytesReceived ?? 0;
      figures.roundTrip = pair.currentRoundTripTime;
    }
    if (transport?.srtpCipher) figures.security = `${dtls(transport.tlsVersion)}, ${transport.srtpCipher}`;

    const inbound = of("inbound-rtp", "audio");
    if (inbound) {
      figures.audioReceived = inbound.bytesReceived ?? 0;
      figures.packetsReceived = inbound.packetsReceived ?? 0;
      figures.lostHere = inbound.packetsLost;
      figures.jitter = inbound.jitter;
      figures.level = inbound.audioLevel ?? 0;
      figures.codec = all.get(inbound.codecId)?.mimeType?.replace("audio/", "");
    }
    const remoteInbound = of("remote-inbound-rtp", "audio");
    figures.lostThere = remoteInbound?.packetsLost;
    figures.roundTrip = remoteInbound?.roundTripTime ?? figures.roundTrip;

    if (before && at > before.at) {
      // A newly selected pair counts from zero again: never a negative rate.
      const rate = (now: number, then: number) => Math.max(0, now - then) * 8000 / (at - before.at);
      figures.sendRate = rate(figures.sent, before.sent);
      figures.receiveRate = rate(figures.received, before.received);
    }
    return figures;
  }
}

function candidate(entry: Record<string, any> | undefined): Candidate | undefined {
  if (!entry) return undefined;
  const { candidateType, address = "hidden", port, protocol, relayProtocol, url } = entry;
  return {
    type: candidateType,
    address: `${String(address).includes(":") ? `[${address}]` : address}:${port}`,
    protocol,
    relayProtocol,
    server: url,
  };
}

/** The version stands in the statistics as the four hexadecimal digits of the wire: FEFD is 1.2, FEFC is 1.3. */
function dtls(version: string | undefined): string {
  return { FEFC: "DTLS 1.3", FEFD: "DTLS 1.2", FEFF: "DTLS 1.0" }[version ?? ""] ?? "DTLS";
}
