const chinaOffsetMs = 8 * 3_600_000

/** RFC 3339 in China's time, which is what WeChat Pay prints and takes: 2026-11-26T10:00:00+08:00. */
export function chinaTime(date: Date): string {
  return new Date(date.getTime() + chinaOffsetMs).toISOString().replace(/\.\d+Z$/, '+08:00')
}
