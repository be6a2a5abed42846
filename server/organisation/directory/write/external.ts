/**
 * People from outside WeCom (外部人员) are rows of `member` with a status of their own, so that sessions, apps, messages and all that hangs
 * on a person take them as they are (docs/decisions/people-outside-wecom.md). What WeCom says never changes or removes them; where it
 * has a member with the userid of one of them, the member gets it and the other a new one.
 */

import { randomInt } from 'node:crypto'
import type { Db } from '../../../platform/storage/db.ts'
import { isExternal, memberStatus, userKey } from '../mirror/members.ts'
import * as store from '../store.ts'
import { changedFields } from './changed-fields.ts'
import { memberHash } from './difference.ts'
import { addChange, current, type ExternalOperation, memberPut, type Plan } from './plan.ts'

export const externalPrefix = 'ext_'
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

export function newExternalId(): string {
  return externalPrefix + Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join('')
}

export async function writeExternal(
  tx: Db,
  plan: Plan,
  operations: readonly ExternalOperation[],
): Promise<void> {
  for (const one of operations) {
    if (one.op === 'put') await put(tx, plan, one)
    else await drop(tx, plan, one.userId, one.became)
  }
}

type PutOperation = Extract<ExternalOperation, { op: 'put' }>

async function put(tx: Db, plan: Plan, { userId, person }: PutOperation): Promise<void> {
  const key = userKey(userId)
  const before = current(plan, key)
  if (before && !isExternal(before)) throw new Error(`${userId} is a member of WeCom`)
  const { name, mobile, email, departments } = person
  const member = {
    userId,
    name,
    mobile,
    email,
    alias: '',
    sex: 0,
    avatar: '',
    address: '',
    position: '',
    status: memberStatus.external,
    mainDepartment: departments[0] ?? 0,
    departments: [...departments],
    orders: departments.map(() => 0),
    leaderIn: departments.map(() => 0),
    directLeaders: [],
    attributes: [],
    bizMail: '',
  }
  const row = { ...member, userKey: key, hash: memberHash(memberPut(member)), fromWecom: 0 }
  const { corpId } = plan
  const [old] = before ? await store.membersById(tx, corpId, [before.id]) : []
  let id = before?.id
  if (id === undefined) id = (await store.insertMembers(tx, corpId, [row], plan.at)).get(key)!
  else await store.updateMembers(tx, corpId, [{ ...row, id }])
  const [after] = await store.membersById(tx, corpId, [id])
  if (!after) throw new Error(`${userId} was not written`)
  const fields = old ? changedFields(old, after) : {}
  addChange(plan, { kind: 'external', op: 'put', entityId: userId, memberId: id, fields })
  plan.patch.members.set(key, after)
}

async function drop(tx: Db, plan: Plan, userId: string, became: number | undefined): Promise<void> {
  const key = userKey(userId)
  const before = current(plan, key)
  if (!before || !isExternal(before)) return
  await store.dropMembers(tx, plan.corpId, [before.id], plan.at)
  if (became !== undefined) await store.putAlias(tx, plan.corpId, became, { userKey: key, since: plan.at })
  plan.ended.push(before.id)
  addChange(plan, { kind: 'external', op: 'drop', entityId: userId, memberId: before.id })
  plan.patch.members.set(key, undefined)
}

/** Whether WeCom speaks of somebody else than who has this userid here. */
export function isOfExternal(plan: Plan, key: string): boolean {
  const now = current(plan, key)
  return now !== undefined && isExternal(now)
}

/** WeCom has members with these userids: who has one of them from outside gets another. */
export async function makeWay(tx: Db, plan: Plan, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const holder = current(plan, key)
    if (!holder || !isExternal(holder)) continue
    const userId = newExternalId()
    const [newKey, old] = [userKey(userId), { userKey: key, since: plan.at }]
    await store.renameMember(tx, plan.corpId, holder.id, userId, newKey, old)
    const [row] = await store.membersById(tx, plan.corpId, [holder.id])
    const { id: memberId, userId: oldId } = holder
    addChange(plan, { kind: 'external', op: 'rename', entityId: userId, oldId, memberId })
    plan.patch.members.set(key, undefined)
    plan.patch.members.set(newKey, row)
  }
}
