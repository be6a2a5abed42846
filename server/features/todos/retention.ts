import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const todoPersonal: readonly PersonalTable[] = [
  {
    table: 'todo',
    what: { zh: '待办', en: 'to-dos' },
    why: 'todos',
    given: ['developers'],
    columns: { holder_id: 'member', sender: 'text', content: 'text', title: 'text' },
    shown: ['todo_no', 'state', 'process', 'step'],
    erased: 'rows',
  },
  {
    table: 'todo',
    what: { zh: '已转给他人的待办', en: 'to-dos that others have now' },
    why: 'todos',
    columns: { member_id: 'member', passed_to: 'member', held_by: 'member' },
    shown: ['todo_no', 'state'],
    erased: 'numbers',
  },
  {
    table: 'app_badge',
    what: { zh: '应用角标', en: 'badges of apps' },
    why: 'todos',
    columns: { member_id: 'member' },
    shown: ['app_id', 'count'],
    erased: 'rows',
  },
  {
    table: 'todo_delegation',
    what: { zh: '待办委托', en: 'delegations' },
    why: 'todos',
    columns: { from_id: 'member', to_id: 'member', created_by: 'text', ended_by: 'text' },
    erased: 'rows',
  },
  {
    table: 'todo_card',
    what: { zh: '待办的卡片', en: 'cards of to-dos' },
    why: 'todos',
    columns: { to_id: 'member', shows: 'text' },
    erased: 'rows',
  },
  {
    table: 'todo_notice',
    what: { zh: '待办的提醒', en: 'reminders of to-dos' },
    why: 'todos',
    columns: { to_id: 'member' },
    shown: ['kind', 'outcome'],
    erased: 'rows',
  },
  {
    table: 'todo_workbench',
    what: { zh: '工作台待办数', en: 'numbers on the workbench' },
    why: 'todos',
    columns: { member_id: 'member' },
    erased: 'rows',
  },
  {
    table: 'todo_app_setting',
    what: { zh: '待办设置由谁保存', en: 'who set up to-dos' },
    why: 'administration',
    columns: { updated_by: 'userId' },
    erased: 'names',
  },
  {
    table: 'todo_corp_setting',
    what: { zh: '免打扰由谁保存', en: 'who set quiet hours' },
    why: 'administration',
    columns: { updated_by: 'userId' },
    erased: 'names',
  },
]
