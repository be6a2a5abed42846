import type { Row } from '../../../ui/data/api.ts'
import type { StateKind } from '../../../ui/values/state.tsx'

export const sourcesPath = '/web/directory/sources'
export type Source = Row<typeof sourcesPath>

/** The value of `open` in the address for a new one. */
export const newSource = 'new'

export const runKinds: Record<'preview' | 'writing' | 'done' | 'refused', StateKind> = {
  preview: 'warn',
  writing: 'busy',
  done: 'good',
  refused: 'idle',
}
