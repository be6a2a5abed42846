export type Series = { label: string; values: readonly number[] }

export type ChartData = {
  /** Days as `2026-10-05`, or times in ISO form; all series have one value for each. */
  at: readonly string[]
  series: readonly Series[]
  /** Of the values, as words: 次, 条. */
  unit: string
  kind?: 'line' | 'stacked'
}
