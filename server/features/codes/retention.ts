import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneCodes } from './codes-store.ts'

export const codeRetention: readonly Retention[] = [
  { table: 'developer_code', keptDays: 1, countedFrom: 'when it was sent', prune: pruneCodes },
]

export const codePersonal: readonly PersonalTable[] = [
  {
    table: 'developer_code',
    what: { zh: '开发者的验证码', en: 'codes of developers' },
    why: 'signIn',
    columns: { request: 'text', failure: 'quoted' },
    erased: 'short',
  },
]
