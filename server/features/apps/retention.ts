import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const appPersonal: readonly PersonalTable[] = [
  {
    table: 'app',
    what: { zh: '应用的可见成员', en: 'to whom an app is visible' },
    why: 'administration',
    columns: { visible_members: 'members' },
    shown: ['id', 'name'],
    erased: 'numbers',
  },
  {
    table: 'app',
    what: { zh: '应用由谁保存', en: 'who saved an app' },
    why: 'administration',
    columns: { updated_by: 'userId' },
    shown: ['id', 'name'],
    erased: 'names',
  },
  {
    table: 'app_menu_version',
    what: { zh: '菜单由谁发布', en: 'who published menus' },
    why: 'administration',
    columns: { actor: 'userId' },
    shown: ['app_id', 'n'],
    erased: 'acts',
  },
  {
    table: 'app_menu_attempt',
    what: { zh: '菜单由谁同步', en: 'who pulled menus' },
    why: 'administration',
    columns: { actor: 'userId' },
    shown: ['app_id'],
    erased: 'acts',
  },
  {
    table: 'workbench',
    what: { zh: '工作台的收藏与最近使用', en: 'favourites and what was used last' },
    why: 'preferences',
    columns: { owner: 'owner', favourites: 'text', recent: 'text' },
    erased: 'rows',
  },
]
