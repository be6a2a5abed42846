import type { RunRow } from '../../../server/sync/runs/run-view.ts'
import { type Translate, useText } from '../../ui/text.ts'
import type { StateKind } from '../../ui/values/state.tsx'

type T = Translate<'sync'>
type Key = Parameters<T>[0]

const kindKeys: Record<RunRow['kind'], Key> = {
  full: 'kindFull',
  reconcile: 'kindReconcile',
  'dry-run': 'kindDryRun',
}

const states: Record<RunRow['state'], { key: Key; kind: StateKind }> = {
  waiting: { key: 'stateWaiting', kind: 'busy' },
  running: { key: 'stateRunning', kind: 'busy' },
  approval: { key: 'stateApproval', kind: 'warn' },
  done: { key: 'stateDone', kind: 'good' },
  failed: { key: 'stateFailed', kind: 'bad' },
  cancelled: { key: 'stateCancelled', kind: 'idle' },
}

export const entityKeys = { department: 'departments', member: 'members', tag: 'tags' } as const

export const runKinds = Object.keys(kindKeys) as RunRow['kind'][]
export const runStates = Object.keys(states) as RunRow['state'][]

export function useRunWords() {
  const t = useText('sync')
  return {
    kind: (kind: RunRow['kind']) => t(kindKeys[kind]),
    state: (state: RunRow['state']) => t(states[state].key),
    stateKind: (state: RunRow['state']) => states[state].kind,
    title: (run: Pick<RunRow, 'kind' | 'id'>) =>
      t('runTitle', { kind: t(kindKeys[run.kind]), id: String(run.id) }),
    /** For example 成员：写入 3，删除 1；部门：… */
    counts: (run: Pick<RunRow, 'counts'>) => countsText(t, run.counts),
  }
}

function countsText(t: T, counts: RunRow['counts']): string {
  const parts = (['department', 'member', 'tag'] as const).flatMap(kind => {
    const { put, drop } = counts[kind]
    return put + drop > 0 ? [t('putDrop', { what: t(entityKeys[kind]), put, drop })] : []
  })
  return parts.join('；') || t('noChange')
}

export function isOpen(run: Pick<RunRow, 'state'> | null | undefined): boolean {
  return run?.state === 'waiting' || run?.state === 'running'
}

/** `30 3 * * *` becomes 03:30. Returns undefined for anything but a fixed time of day. */
export function dailyTime(cron: string): string | undefined {
  const [, minute = '', hour = ''] = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(cron) ?? []
  return hour ? `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` : undefined
}
