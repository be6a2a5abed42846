import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneBindings } from './source-store.ts'
import { pruneUnrecognised } from './unrecognised/store.ts'

export const sourceRetention: readonly Retention[] = [
  {
    table: 'todo_source',
    isBounded: true,
    because: 'administrators make them, and a corp has at most a hundred',
  },
  { table: 'todo_pushed', goesWith: 'todo' },
  {
    table: 'todo_unrecognised',
    keptDays: 90,
    countedFrom: 'when it last came',
    prune: pruneUnrecognised,
  },
  {
    table: 'todo_source_person',
    keptDays: 1095,
    countedFrom: 'when the sender last bound it',
    prune: pruneBindings,
  },
]

export const todoSourcePersonal: readonly PersonalTable[] = [
  {
    table: 'todo_source',
    what: { zh: '待办来源由谁保存', en: 'who set up sources of to-dos' },
    why: 'administration',
    columns: { updated_by: 'userId' },
    shown: ['name'],
    erased: 'names',
  },
  {
    table: 'todo_pushed',
    what: { zh: '来源推送的待办', en: 'pushed to-dos' },
    why: 'todos',
    columns: { names: 'text', receiver: 'text' },
    through: { table: 'todo', by: [['todo_id', 'id']] },
    erased: 'rows',
  },
  {
    table: 'todo_unrecognised',
    what: { zh: '未识别的推送', en: 'pushes not understood' },
    why: 'diagnosis',
    columns: { item: 'quoted', body: 'text' },
    erased: 'short',
  },
  {
    table: 'todo_source_person',
    what: { zh: '来源中的账号对应', en: 'accounts at sources' },
    why: 'todos',
    columns: { value: 'userId', their_id: 'text' },
    erased: 'rows',
  },
]
