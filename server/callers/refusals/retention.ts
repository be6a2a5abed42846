import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRefusals } from './store.ts'

/** As long as sign-ins: more than the 180 days for which such logs must be kept. */
export const refusalDays = 400

export const refusalRetention: readonly Retention[] = [
  { table: 'refusal', keptDays: refusalDays, countedFrom: 'the refusal', prune: pruneRefusals },
]

export const refusalPersonal: readonly PersonalTable[] = [
  {
    table: 'refusal',
    what: { zh: '被拒绝的请求', en: 'refused requests' },
    why: 'diagnosis',
    columns: { member_id: 'member', address: 'text', user_agent: 'text', detail: 'text' },
    shown: ['place', 'reason'],
    erased: 'signIns',
  },
]
