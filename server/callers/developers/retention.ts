import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRequests } from './owners/request-store.ts'
import { pruneSecrets, pruneUsage } from './store.ts'
import { pruneCallDays } from './usage/call-day-store.ts'

export const developerRetention: readonly Retention[] = [
  { table: 'developer', isBounded: true, because: 'one row per developer' },
  // Counted from the revocation, since questions about the last use of a secret come soon after it.
  {
    table: 'developer_secret',
    keptDays: 400,
    countedFrom: 'the revocation; secrets that are not revoked stay',
    prune: pruneSecrets,
  },
  { table: 'developer_usage', keptDays: 400, countedFrom: 'the day', prune: pruneUsage },
  { table: 'corp_call_day', keptDays: 400, countedFrom: 'the day', prune: pruneCallDays },
  { table: 'developer_owner', isBounded: true, because: 'at most 20 per developer' },
  // What nobody has decided waits, at most 5 of a developer.
  {
    table: 'scope_request',
    keptDays: 400,
    countedFrom: 'the decision; requests without a decision stay',
    prune: pruneRequests,
  },
]

export const developerPersonal: readonly PersonalTable[] = [
  {
    table: 'developer_owner',
    what: { zh: '开发者的负责人', en: 'owners of developers' },
    why: 'administration',
    columns: { member_id: 'member' },
    shown: ['dev_id'],
    erased: 'goes',
  },
  {
    table: 'developer_secret',
    what: { zh: '密钥由谁创建', en: 'who made secrets' },
    why: 'administration',
    columns: { created_by: 'member' },
    shown: ['dev_id'],
    erased: 'numbers',
  },
  {
    table: 'scope_request',
    what: { zh: '权限申请', en: 'requests for scopes' },
    why: 'administration',
    columns: { member_id: 'member', reason: 'text' },
    shown: ['dev_id', 'scopes', 'state'],
    erased: 'goes',
  },
  {
    table: 'scope_request',
    what: { zh: '权限申请由谁决定', en: 'who decided on scopes' },
    why: 'administration',
    columns: { decided_by: 'userId' },
    shown: ['dev_id'],
    erased: 'names',
  },
]
