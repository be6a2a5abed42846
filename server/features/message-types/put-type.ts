import { isDeepStrictEqual } from 'node:util'
import type { Developers } from '../../callers/developers/developers.ts'
import { operator } from '../../callers/developers/operator.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { perform } from '../../platform/acts/perform.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Setups } from '../channels/channel.ts'
import { checkSpeaking } from './check-speaking.ts'
import { compile } from './compile.ts'
import { type Definition, needsApproval } from './definition.ts'
import * as store from './types-store.ts'

export type TypeNeeds = Core & { corps: Corps; developers: Developers; messageSettings: Setups }

/**
 * Who puts a type. `devId`: whose it becomes if it is new; null for the corp. `isDeveloper`: other types are not theirs to change.
 * `mayApprove`: a super administrator at the console, whose versions come into force at once.
 */
export type TypeWriter = { actor: string; devId: string | null; isDeveloper?: true; mayApprove?: true }

export function developerAsWriter({ devId }: Caller): TypeWriter {
  return { actor: `developer:${devId}`, devId, isDeveloper: true }
}

/** What became of a put. `isInForce` is false for a version that waits for approval; the earlier one stays in force. */
export type PutAnswer = { key: string; version: number; isInForce: boolean }

const keyShape = /^[a-z0-9][a-z0-9._-]{0,63}$/
const reserved = 'wisp.'
const typesAtMost = 200

/**
 * Makes a type, or a new version of it if it differs from the newest; a developer's put keeps the newest version's test people. Throws 1000 and 1001 for a definition that cannot be sent, 1002 for a
 * sender that its owner may not use, 1009 for a type that administrators revoked.
 */
export async function putType(
  ctx: TypeNeeds,
  writer: TypeWriter,
  corpId: string,
  key: string,
  given: Definition,
): Promise<PutAnswer> {
  checkKey(key)
  const before = await store.findType(ctx.db, corpId, key)
  checkWriter(before, writer, key)
  const owner = ownerOf(ctx, corpId, before ? before.devId : writer.devId)
  await checkSpeaking(ctx, owner, given, compile(given))
  const [newest] = await store.versionsOf(ctx.db, corpId, key)
  if (before && newest && isDeepStrictEqual(newest.definition, keepTestPeople(writer, given, newest)))
    return { key, version: newest.version, isInForce: newest.version === before.version }
  return perform(ctx, { act: 'message.type', actor: writer.actor, corpId }, async tx => {
    const at = new Date(ctx.now())
    const { devId, mayApprove = false } = writer
    const type = await store.lockType(tx, { corpId, key, devId, at })
    checkWriter(type, writer, key)
    if (type.isNew) await checkRoom(tx, corpId, devId)
    const [latest] = await store.versionsOf(tx, corpId, key)
    const version = (latest?.version ?? 0) + 1
    const definition = keepTestPeople(writer, given, latest)
    const waits = needsApproval(definition) && !mayApprove
    const approvedBy = needsApproval(definition) && mayApprove ? writer.actor : null
    const approvedAt = approvedBy === null ? null : at
    await store.insertVersion(tx, type, {
      version,
      definition,
      madeBy: writer.actor,
      madeAt: at,
      approvedBy,
      approvedAt,
    })
    if (!waits) await store.putInForce(tx, type, version)
    await store.supersede(tx, type, { before: version, except: waits ? type.version : null, at })
    const detail = { name: definition.name, version, waitsForApproval: waits }
    return { target: key, targetName: definition.name, detail, answer: { key, version, isInForce: !waits } }
  })
}

/** Returns the definition with the test people of the newest version: a developer's put has no field for those that administrators wrote. */
function keepTestPeople(
  { isDeveloper }: TypeWriter,
  given: Definition,
  newest: Pick<store.VersionRow, 'definition'> | undefined,
): Definition {
  const testPeople = newest?.definition.testPeople
  return isDeveloper && testPeople ? { ...given, testPeople } : given
}

function checkKey(key: string): void {
  if (!keyShape.test(key))
    throw new ApiError('badParameter', {
      zh: told`key ${key} 应以小写字母或数字开头，只含小写字母、数字和 . _ -，最长 64 个字符`,
      en: told`key ${key} should begin with a small letter or a digit and have small letters, digits and . _ - only, at most 64`,
    })
  if (key.startsWith(reserved))
    throw new ApiError('badParameter', {
      zh: told`key ${key}：${own(reserved)} 开头的类型由平台使用，请换一个`,
      en: told`key ${key}: types that begin with ${own(reserved)} are wisp's own; choose another key`,
    })
}

function checkWriter(
  type: Pick<store.TypeRow, 'devId' | 'state'> | undefined,
  { devId, isDeveloper }: TypeWriter,
  key: string,
): void {
  if (!type) return
  if (!isDeveloper) {
    if (devId !== null && type.devId !== devId) throw staysWithOwner(key)
    return
  }
  if (type.devId !== devId)
    throw new ApiError('badParameter', {
      zh: told`key ${key} 已用于不属于本开发者的消息类型，请换一个`,
      en: told`key ${key} is used for a message type that is not this developer's; choose another key`,
    })
  if (type.state === 'revoked') throw revoked(key)
}

export function staysWithOwner(key: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`消息类型 ${key} 已有所属，devId 不能更改`,
    en: told`the message type ${key} has an owner already: devId cannot be changed`,
  })
}

export function revoked(key: string): ApiError {
  return new ApiError('forbidden', {
    zh: told`消息类型 ${key} 已被管理员停用，请联系管理员`,
    en: told`the message type ${key} was revoked by an administrator: ask the administrator`,
  })
}

/** Whom a type speaks for. Throws 1000 when its developer is not there any more. */
function ownerOf(ctx: TypeNeeds, corpId: string, devId: string | null): Caller {
  const owner = devId === null ? operator(corpId) : ctx.developers.get(devId)
  if (owner?.corpId === corpId) return owner
  throw new ApiError('badParameter', {
    zh: told`没有开发者 ${devId ?? ''}`,
    en: told`there is no developer ${devId ?? ''}`,
  })
}

async function checkRoom(tx: Db, corpId: string, devId: string | null): Promise<void> {
  // The new one is counted too.
  if ((await store.countTypes(tx, corpId, devId)) <= typesAtMost) return
  throw new ApiError('badParameter', {
    zh: told`消息类型已有 ${own(typesAtMost)} 个，达到上限；请先停用不用的`,
    en: told`there are ${own(typesAtMost)} message types, which is the limit: revoke unused ones first`,
  })
}
