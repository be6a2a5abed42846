import type { Retention } from '../../platform/storage/retention.ts'
import { pruneWorkbenches } from './workbench/workbench-store.ts'

export const appRetention: readonly Retention[] = [
  { table: 'app', isBounded: true, because: 'one row per app' },
  { table: 'app_icon', isBounded: true, because: 'one row per app' },
  { table: 'app_menu_version', isBounded: true, because: 'the last 50 of each app' },
  { table: 'app_menu_attempt', isBounded: true, because: 'the last 50 of each app' },
  // A workbench is deleted in the night after its person's row.
  { table: 'workbench', keptDays: 0, countedFrom: "when the person's row is gone", prune: pruneWorkbenches },
]
