import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneConsentLedger } from './store.ts'

/** As long as somebody may ask for the proof. */
const consentDays = 1100

export const consentRetention: readonly Retention[] = [
  {
    table: 'person_consent',
    keptDays: consentDays,
    countedFrom: 'its withdrawal; one that stands stays as long as its person',
    prune: pruneConsentLedger,
  },
]

export const consentPersonal: readonly PersonalTable[] = [
  {
    table: 'person_consent',
    what: { zh: '同意的记录', en: 'ledger of consents' },
    why: 'rights',
    columns: { member_id: 'member', said: 'text' },
    shown: ['purpose', 'subject', 'text_hash', 'how', 'withdrawn_how'],
    erased: 'proof',
  },
]
