import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneApprovals } from './store.ts'

export const approvalRetention: readonly Retention[] = [
  {
    table: 'approval',
    keptDays: 400,
    countedFrom: 'its last change; WeCom keeps its own',
    prune: pruneApprovals,
  },
  { table: 'approval_template', isBounded: true, because: 'at most 200 rows per corp' },
  { table: 'approval_grant', isBounded: true, because: 'at most 200 rows per template' },
  { table: 'approval_setting', isBounded: true, because: 'one row per corp' },
]

export const approvalPersonal: readonly PersonalTable[] = [
  {
    table: 'approval',
    what: { zh: '提交的审批', en: 'approvals that they submitted' },
    why: 'todos',
    given: ['wecom', 'developers'],
    columns: { applicant: 'userId', contents: 'text' },
    shown: ['name', 'status', 'created_at'],
    erased: 'rows',
  },
  {
    table: 'approval',
    what: { zh: '处理过的他人的审批', en: 'approvals of others that they decided' },
    why: 'todos',
    columns: { holders: 'userIds', steps: 'quoted', told: 'quoted' },
    shown: ['name', 'status'],
    erased: 'names',
  },
]
