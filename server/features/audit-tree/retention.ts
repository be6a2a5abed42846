import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneCheckpoints } from './checkpoints/checkpoint-store.ts'
import { pruneLeaves } from './tree/prune-store.ts'
import { pruneVerifications } from './verify/verification-store.ts'

/** A month more than the rows themselves are kept. */
export const leafDays = 430

export const auditTreeRetention: readonly Retention[] = [
  { table: 'audit_tree', isBounded: true, because: 'one of each corp, and that of the installation' },
  { table: 'audit_pending', isBounded: true, because: 'rows leave it within seconds' },
  { table: 'audit_leaf', keptDays: leafDays, countedFrom: 'its entry', prune: pruneLeaves },
  { table: 'audit_node', goesWith: 'audit_tree' },
  { table: 'audit_key', isBounded: true, because: 'one of the installation' },
  // Longer than leaves, because they say how old a leaf that is gone must be.
  { table: 'audit_checkpoint', keptDays: 800, countedFrom: 'the next checkpoint', prune: pruneCheckpoints },
  { table: 'audit_destination', goesWith: 'audit_tree' },
  { table: 'audit_grants', goesWith: 'audit_tree' },
  { table: 'audit_verification', keptDays: 90, countedFrom: 'the request', prune: pruneVerifications },
]

export const auditTreePersonal: readonly PersonalTable[] = [
  {
    table: 'audit_destination',
    what: { zh: '检查点发送给谁', en: 'to whom checkpoints are sent' },
    why: 'security',
    corp: 'tree',
    columns: { members: 'userIds', mails: 'text', set_by: 'userId' },
    erased: 'names',
  },
  {
    table: 'audit_grants',
    what: { zh: '授权清单由谁确认', en: 'who confirmed the list of grants' },
    why: 'security',
    corp: 'tree',
    columns: { confirmed_by: 'userId' },
    erased: 'acts',
  },
  {
    table: 'audit_verification',
    what: { zh: '校验由谁发起', en: 'who asked for verifications' },
    why: 'security',
    corp: 'tree',
    columns: { asked_by: 'userId' },
    erased: 'acts',
  },
]
