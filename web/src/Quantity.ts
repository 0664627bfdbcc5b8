/** How figures are written on the page: few digits, one unit. */
export const Quantity = {
  /** 980 B, 12.3 kB, 4.05 MB */
  bytes: (count: number) => scaled(count, ["B", "kB", "MB", "GB", "TB"]),

  /** 512 bit/s, 31.4 kbit/s */
  rate: (bitsPerSecond: number) => scaled(bitsPerSecond, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"]),

  /** @param seconds shown to a tenth of a millisecond below ten */
  milliseconds: (seconds: number) => `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`,

  /** 0:07, 12:34, 1:02:03 */
  clock(seconds: number): string {
    const whole = Math.max(0, Math.floor(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (value: number) => String(value).padStart(2, "0");
    return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  },
};

function scaled(value: number, units: readonly string[]): string {
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step++;
  }
  return `${step === 0 ? Math.round(value) : value.toPrecision(3)} ${units[step]}`;
}
