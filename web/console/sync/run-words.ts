import type { Row } from '../../ui/data/api.ts'
import { type Translator, useText } from '../../ui/text.ts'
import type { StateKind } from '../../ui/values/state.tsx'

type T = Translator<'sync'>
type Key = Parameters<T>[0]

const kindKeys: Record<Row<'/web/sync/runs'>['kind'], Key> = {
  full: 'kindFull',
  reconcile: 'kindReconcile',
  'dry-run': 'kindDryRun',
}

const states: Record<Row<'/web/sync/runs'>['state'], { key: Key; kind: StateKind }> = {
  waiting: { key: 'stateWaiting', kind: 'busy' },
  running: { key: 'stateRunning', kind: 'busy' },
  approval: { key: 'stateApproval', kind: 'warn' },
  done: { key: 'stateDone', kind: 'good' },
  failed: { key: 'stateFailed', kind: 'bad' },
  cancelled: { key: 'stateCancelled', kind: 'idle' },
}

/** Runs that nobody asked for. */
export const entityKeys = { department: 'departments', member: 'members', tag: 'tags' } as const

export const runKinds = Object.keys(kindKeys) as Row<'/web/sync/runs'>['kind'][]
export const runStates = Object.keys(states) as Row<'/web/sync/runs'>['state'][]

export function useRunWords() {
  const t = useText('sync')
  return {
    kind: (kind: Row<'/web/sync/runs'>['kind']) => t(kindKeys[kind]),
    state: (state: Row<'/web/sync/runs'>['state']) => t(states[state].key),
    stateKind: (state: Row<'/web/sync/runs'>['state']) => states[state].kind,
    title: (run: Pick<Row<'/web/sync/runs'>, 'kind' | 'id'>) =>
      t('runTitle', { kind: t(kindKeys[run.kind]), id: String(run.id) }),
    /** For example 成员：写入 3，删除 1；部门：… */
    counts: (run: Pick<Row<'/web/sync/runs'>, 'counts' | 'state'>) => countsText(t, run),
  }
}

/** Nothing is said about what is equal before a run has read everything. */
function countsText(t: T, { counts, state }: Pick<Row<'/web/sync/runs'>, 'counts' | 'state'>): string {
  const parts = (['department', 'member', 'tag'] as const).flatMap(kind => {
    const { put, drop } = counts[kind]
    return put + drop > 0 ? [t('putDrop', { what: t(entityKeys[kind]), put, drop })] : []
  })
  return parts.join('；') || (state === 'done' ? t('noChange') : '—')
}

export function isOpen(run: { state: string } | null | undefined): boolean {
  return run?.state === 'waiting' || run?.state === 'running'
}

/** `30 3 * * *` becomes 03:30. Returns undefined for anything but a fixed time of day. */
export function dailyTime(cron: string): string | undefined {
  const [, minute = '', hour = ''] = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(cron) ?? []
  return hour ? `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` : undefined
}
