import { perform } from '../../platform/acts/perform.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import { checkKnownByAll } from '../../platform/upkeep/known-by-all.ts'
import { needsApproval } from './definition.ts'
import * as store from './types-store.ts'

/** The migration with which trials came. */
const trialSince = '0146-send-approval.sql'

export function noType(key: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有消息类型 ${key}`,
    en: told`there is no message type ${key}`,
  })
}

/**
 * Puts a version that waited for approval into force. Throws 1000 for any other than the newest, because that is what the approver would
 * not have seen.
 */
export async function approveType(
  ctx: Core,
  actor: string,
  corpId: string,
  key: string,
  version: number,
): Promise<void> {
  await perform(ctx, { act: 'message.type.approve', actor, corpId }, async tx => {
    const type = await store.lockExisting(tx, corpId, key)
    const [newest] = type ? await store.versionsOf(tx, corpId, key) : []
    if (!type || !newest) throw noType(key)
    if (newest.version !== version)
      throw new ApiError('badParameter', {
        zh: told`消息类型 ${key} 已有版本 ${own(newest.version)}，请看过后再批准`,
        en: told`the message type ${key} has version ${own(newest.version)} now: read it before you approve`,
      })
    if (type.version === version || !needsApproval(newest.definition))
      throw new ApiError('badParameter', {
        zh: told`消息类型 ${key} 的版本 ${own(version)} 不在等待批准，可能已经处理；请刷新`,
        en: told`version ${own(version)} of the message type ${key} does not wait for approval, perhaps it was decided already: reload`,
      })
    const at = new Date(ctx.now())
    await store.approveVersion(tx, type, { version, by: actor, at })
    await store.putInForce(tx, type, version)
    await store.supersede(tx, type, { before: version, except: null, at })
    const { name } = newest.definition
    return { target: key, targetName: name, detail: { name, version }, answer: undefined }
  })
}

/**
 * Puts a type on trial, pauses, revokes and resumes it: on trial it reaches its test people alone; nothing is sent by one that is paused or revoked, and its developer cannot change one that is revoked.
 * What was accepted before is sent. A type that is in the state already stays so. Throws 1000.
 */
export async function setTypeState(
  ctx: Core,
  actor: string,
  corpId: string,
  key: string,
  state: store.TypeState,
): Promise<void> {
  const before = await store.findType(ctx.db, corpId, key)
  if (!before) throw noType(key)
  if (before.state === state) return
  // An older node would send to everybody.
  if (state === 'trial') await checkKnownByAll(ctx.db, trialSince)
  await perform(ctx, { act: 'message.type.state', actor, corpId }, async tx => {
    const type = await store.lockExisting(tx, corpId, key)
    if (!type) throw noType(key)
    if (state === 'trial') await checkTestPeople(tx, type)
    await store.setState(tx, type, state)
    const changes = [{ field: 'state', before: type.state, after: state }]
    return { target: key, targetName: '', detail: { changes }, answer: undefined }
  })
}

async function checkTestPeople(tx: Db, { corpId, key }: store.TypeRow): Promise<void> {
  const [newest] = await store.versionsOf(tx, corpId, key)
  if (newest?.definition.testPeople?.length) return
  throw new ApiError('badParameter', {
    zh: told`消息类型 ${key} 没有试用人员：请先在定义中写 testPeople`,
    en: told`the message type ${key} has no test people: write testPeople into its definition first`,
  })
}
