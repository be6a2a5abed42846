import type { ReactNode } from 'react'

export type Series = {
  label: string
  values: readonly number[]
  /** Shows a figure in the table, such as by a link to what was counted; `at` is its time. */
  cell?: (at: string, figure: string) => ReactNode
}

export type ChartData = {
  /** Days as `2026-10-05`, or ISO times. Each series has one value for each entry. */
  at: readonly string[]
  series: readonly Series[]
  /** The unit of the values as a word, for example 次 or 条. */
  unit: string
  kind?: 'line' | 'stacked'
}
