/** A time as WeChat Pay writes it, in China and to the second: 2018-06-08T10:34:56+08:00. */
export const chinaTime = (ms: number): string =>
  `${new Date(ms + 28_800_000).toISOString().slice(0, 19)}+08:00`

/** The day in China: 2018-06-08. */
export const chinaDay = (ms: number): string => chinaTime(ms).slice(0, 10)
