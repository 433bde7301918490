const ticksPerSecond = 10_000_000n;

/** `[-][days.]hours:minutes[:seconds[.fraction]]`, `days:hours:minutes:seconds` or just days, as TimeSpan.Parse reads it. */
export function timeSpan(written: string): string | undefined {
  const parts =
    /^\s*(-?)(?:(\d+)|(?:(\d+)[.:](?=\d+:\d+:)|(\d+)\.(?=\d+:\d+$))?(\d+):(\d+)(?::(\d+)(?:\.(\d{1,7}))?)?)\s*$/.exec(
      written,
    );
  if (!parts) return undefined;
  const [, sign, only, long, short, hours = "0", minutes = "0", seconds = "0", fraction = ""] = parts;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const days = only ?? long ?? short ?? "0";
  if (Number(days) > 10675199) return undefined;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * ticksPerSecond + BigInt(fraction.padEnd(7, "0"));
  return timeSpanText(sign === "-" ? -ticks : ticks);
}

export function timeSpanText(ticks: bigint): string {
  const positive = ticks < 0n ? -ticks : ticks;
  const two = (value: bigint): string => value.toString().padStart(2, "0");
  const seconds = positive / ticksPerSecond;
  const days = seconds / 86400n;
  const fraction = positive % ticksPerSecond;
  const clock = [two((seconds / 3600n) % 24n), two((seconds / 60n) % 60n), two(seconds % 60n)].join(":");
  return `${ticks < 0n ? "-" : ""}${days === 0n ? "" : `${days}.`}${clock}${fraction === 0n ? "" : `.${fraction.toString().padStart(7, "0")}`}`;
}

/** Of a TimeSpan as the binder writes it. */
export function secondsOf(written: string): number {
  const [, sign, days = "0", hours, minutes, seconds] = /^(-?)(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(written) ?? [];
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return sign === "-" ? -whole : whole;
}

/** In UTC, as agents send times; a time without a zone is the host's, and the simulator's clock is UTC. */
export function dateTime(written: string): string | undefined {
  const zoned = /(?:z|[+-]\d\d:?\d\d)\s*$/i.test(written) ? written : `${written} UTC`;
  const iso = /^\d{4}-\d\d-\d\d$/.test(written.trim()) || /t/i.test(written) ? written.trim() : zoned;
  const time = Date.parse(/t/i.test(iso) && !/(?:z|[+-]\d\d:?\d\d)$/i.test(iso) ? `${iso}Z` : iso);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

export function ticksSinceYearOne(ticks: number): string | undefined {
  const date = new Date(ticks / 10_000 - 62_135_596_800_000);
  return Number.isInteger(ticks) && ticks >= 0 && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}
