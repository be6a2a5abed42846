import type { SealedColumn } from '../../platform/security/sealed-columns.ts'
import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { copyDays } from './copies/copy.ts'
import { pruneHolds, pruneKeptRows } from './holds/hold-store.ts'
import { pruneCopies, pruneRequests, pruneTombstones } from './request-store.ts'

/** For three years, as long as impact assessments are kept by law. */
const proofDays = 1100

export const personalDataRetention: readonly Retention[] = [
  { table: 'person_setting', isBounded: true, because: 'one row per corp' },
  { table: 'person_register', isBounded: true, because: 'one row per corp' },
  { table: 'person_request', keptDays: proofDays, countedFrom: 'its end', prune: pruneRequests },
  {
    table: 'person_copy_piece',
    keptDays: copyDays,
    countedFrom: 'when the copy was ready',
    prune: pruneCopies,
  },
  { table: 'person_hold', keptDays: proofDays, countedFrom: 'its end', prune: pruneHolds },
  { table: 'person_hold_row', keptDays: 0, countedFrom: 'the end of its hold', prune: pruneKeptRows },
  { table: 'person_tombstone', keptDays: proofDays, countedFrom: 'the erasure', prune: pruneTombstones },
]

export const personalDataPersonal: readonly PersonalTable[] = [
  {
    table: 'person_request',
    what: { zh: '副本与删除的申请', en: 'requests for copies and erasures' },
    why: 'rights',
    columns: { member_id: 'member', user_id: 'userId', name: 'text', asked_by: 'text' },
    shown: ['kind', 'state', 'cause'],
    erased: 'proof',
  },
  {
    table: 'person_copy_piece',
    what: { zh: '已生成的副本', en: 'copies that were made' },
    why: 'rights',
    columns: { content: 'text' },
    erased: 'short',
  },
  {
    table: 'person_hold',
    what: { zh: '保全', en: 'legal holds' },
    why: 'rights',
    columns: { member_id: 'text', user_id: 'text', name: 'text', held_by: 'userId', ended_by: 'userId' },
    erased: 'proof',
  },
  {
    table: 'person_hold_row',
    what: { zh: '为保全留存的记录', en: 'records put by for holds' },
    why: 'rights',
    columns: { content: 'text' },
    erased: 'short',
  },
  {
    table: 'person_tombstone',
    what: { zh: '已删除人员的编号', en: 'numbers of erased people' },
    why: 'rights',
    columns: { member_id: 'member' },
    erased: 'proof',
  },
]

export const personalDataSealed: readonly SealedColumn[] = [
  {
    table: 'person_copy_piece',
    key: ['corp_id', 'request_id', 'n'],
    column: 'content',
    purpose: key => `person_copy_piece ${key.join(' ')}`,
  },
  {
    table: 'person_hold_row',
    key: ['corp_id', 'hold_id', 'hash'],
    column: 'content',
    purpose: 'person_hold_row',
  },
]
