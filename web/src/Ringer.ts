import type { CallStage } from "./Call.ts";

/** Two notes for who is called, one long tone for who calls: frequencies in hertz, lengths and pause in seconds. */
const tunes = {
  incoming: { notes: [[659.3, 0.28], [523.3, 0.5]], pause: 1.6, volume: 0.12 },
  ringing: { notes: [[425, 1]], pause: 3, volume: 0.04 },
} satisfies Record<string, { notes: [number, number][]; pause: number; volume: number }>;

/** The bell of the telephone. It makes its sounds itself, so that there is no file to fetch. */
export class Ringer {
  #context: AudioContext | undefined;
  #playing: CallStage | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** Rings while the call is at a stage that has a tune, once per stage however often it is told. */
  follow(stage: CallStage | undefined): void {
    if (stage === this.#playing) return;
    this.#playing = stage;
    clearTimeout(this.#again);
    void this.#context?.close();
    this.#context = undefined;
    if (stage === "incoming" || stage === "ringing") this.#play(stage);
  }

  #play(stage: keyof typeof tunes): void {
    const { notes, pause, volume } = tunes[stage];
    const context = this.#context ??= new AudioContext();
    let at = context.currentTime + 0.05;
    for (const [frequency, length] of notes) {
      const tone = new OscillatorNode(context, { frequency, type: "sine" });
      const loudness = new GainNode(context, { gain: 0 });
      // A soft beginning and end: an abrupt one clicks.
      loudness.gain.setValueAtTime(0, at);
      loudness.gain.linearRampToValueAtTime(volume, at + 0.03);
      loudness.gain.setValueAtTime(volume, at + length - 0.1);
      loudness.gain.linearRampToValueAtTime(0, at + length);
      tone.connect(loudness).connect(context.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length;
    }
    this.#again = setTimeout(() => this.#play(stage), (at - context.currentTime + pause) * 1000);
  }
}
