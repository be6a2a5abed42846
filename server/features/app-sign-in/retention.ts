import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneConsents } from './consent-store.ts'
import { pruneLogouts } from './logouts/store.ts'
import { pruneAppSessions } from './session-store.ts'

export const appSignInRetention: readonly Retention[] = [
  { table: 'corp_sign_in', isBounded: true, because: 'one row per corp' },
  { table: 'app_sign_in', isBounded: true, because: 'one row per app' },
  { table: 'app_consent', keptDays: 400, countedFrom: 'when it was withdrawn', prune: pruneConsents },
  // Longer than the longest session, which lasts 30 days.
  { table: 'app_session', keptDays: 40, countedFrom: 'the sign-in', prune: pruneAppSessions },
  { table: 'app_logout', keptDays: 30, countedFrom: 'the end of the session', prune: pruneLogouts },
]

export const appSignInPersonal: readonly PersonalTable[] = [
  {
    table: 'app_consent',
    what: { zh: '对应用的授权', en: 'what the person agreed that apps are given' },
    why: 'apps',
    given: ['apps'],
    columns: { member_id: 'member', claims: 'text' },
    shown: ['app_id'],
    erased: 'rows',
  },
  {
    table: 'app_session',
    what: { zh: '在应用的登录', en: 'sessions at apps' },
    why: 'apps',
    columns: { member_id: 'member' },
    shown: ['app_id', 'protocol'],
    erased: 'rows',
  },
  {
    table: 'app_logout',
    what: { zh: '给应用的退出通知', en: 'sign-outs told to apps' },
    why: 'apps',
    columns: { member_id: 'member' },
    shown: ['app_id', 'state'],
    erased: 'rows',
  },
  {
    table: 'app_sign_in',
    what: { zh: '应用登录由谁设置', en: 'who set up sign-in of apps' },
    why: 'administration',
    columns: { updated_by: 'userId', owner_change: 'quoted' },
    shown: ['app_id'],
    erased: 'names',
  },
]
