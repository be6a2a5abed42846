import type { Retention } from '../../platform/storage/retention.ts'
import { pruneBadges } from './badge-store.ts'
import { pruneDelegations } from './delegations/delegation-store.ts'
import { pruneNotices } from './reminders/notice-store.ts'
import { pruneTodos } from './store.ts'
import { pruneNumbers } from './wecom-workbench/workbench-store.ts'

export const todoRetention: readonly Retention[] = [
  { table: 'todo', keptDays: 730, countedFrom: 'its end or last change', prune: pruneTodos },
  { table: 'app_badge', keptDays: 400, countedFrom: 'when it was last set', prune: pruneBadges },
  { table: 'todo_app_setting', isBounded: true, because: 'one row per app' },
  { table: 'todo_corp_setting', isBounded: true, because: 'one row per corp' },
  { table: 'todo_delegation', keptDays: 400, countedFrom: 'its end', prune: pruneDelegations },
  { table: 'todo_card', goesWith: 'todo' },
  { table: 'todo_notice', keptDays: 90, countedFrom: 'when it came due', prune: pruneNotices },
  { table: 'todo_workbench_app', isBounded: true, because: 'one row per app' },
  { table: 'todo_workbench', keptDays: 400, countedFrom: 'its last change', prune: pruneNumbers },
]
