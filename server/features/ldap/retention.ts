import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneCards } from './card/card-store.ts'
import { prunePasswords } from './passwords/password-store.ts'

export const ldapRetention: readonly Retention[] = [
  { table: 'ldap_client', isBounded: true, because: 'one row per app' },
  {
    table: 'ldap_password',
    keptDays: 400,
    countedFrom: 'the last use, or the making of one that was not used; they end with the person',
    prune: prunePasswords,
  },
  { table: 'ldap_card', keptDays: 1, countedFrom: 'the card or its answer', prune: pruneCards },
]

export const ldapPersonal: readonly PersonalTable[] = [
  {
    table: 'ldap_password',
    what: { zh: '应用密码', en: 'application passwords' },
    why: 'signIn',
    columns: { member_id: 'member', used_from: 'text' },
    shown: ['app_id', 'used_from'],
    erased: 'rows',
  },
  {
    table: 'ldap_card',
    what: { zh: 'LDAP 登录的确认卡片', en: 'cards that ask about sign-ins by LDAP' },
    why: 'signIn',
    columns: { member_id: 'member' },
    shown: ['app_id', 'state'],
    erased: 'rows',
  },
  {
    table: 'ldap_client',
    what: { zh: 'LDAP 由谁设置', en: 'who set up LDAP' },
    why: 'administration',
    columns: { updated_by: 'userId' },
    shown: ['app_id'],
    erased: 'names',
  },
]
