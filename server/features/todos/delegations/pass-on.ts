import {
  isListed,
  isThere,
  type MemberCore,
  userKey,
} from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import { record } from '../../../platform/audit/audit.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { leaverWithOpen, peopleById, personByKey } from '../people/people-store.ts'
import * as store from './holder-store.ts'
import { type SettleNeeds, settleHolders } from './settle-holders.ts'
import { tellOfTransfers } from './tell-of-transfers.ts'

/** What somebody who has left still has open, by app. */
export type Estate = {
  person: { id: number; userId: string; name: string }
  apps: { appId: string; appName: string; count: number; mayPassOn: boolean }[]
}

/** Somebody who has left. Several people may have had one userid: without an id it is the last of them who has something open. */
export type LeaverKey = { userId: string } | { id: number }

/** Throws 1007, and 1000 for somebody who is still there. */
export async function estateOf(ctx: SettleNeeds, corpId: string, key: LeaverKey): Promise<Estate> {
  const person = await ('id' in key ? leaverById(ctx, corpId, key.id) : leaver(ctx, corpId, key.userId))
  const allowed = new Set(ctx.todoSettings.passingOn(corpId))
  const counts = await store.countOwned(ctx.db, corpId, [person.id])
  return {
    person: { id: person.id, userId: person.userId, name: person.name },
    apps: counts.map(({ appId, count }) => ({
      appId,
      count,
      mayPassOn: allowed.has(appId),
      appName: ctx.apps.find(appId)?.name ?? appId,
    })),
  }
}

/**
 * What somebody who has left has open in these apps is another's from now on; without apps, in all that allow it. Its sender still finds
 * it by its first person. The member who has the leaver's userid now is taken for the same person: in every app it is theirs as before they
 * left. Throws 1000 and 1007.
 */
export async function passOn(
  ctx: SettleNeeds,
  actor: string,
  corpId: string,
  given: { from: LeaverKey; to: string; appIds: readonly string[] | undefined },
): Promise<{ passedOn: number }> {
  const { person, apps } = await estateOf(ctx, corpId, given.from)
  const to = successor(ctx, corpId, given.to, person)
  const isReturner = to.key === userKey(person.userId)
  const allowed = new Set(ctx.todoSettings.passingOn(corpId))
  for (const id of given.appIds ?? []) {
    const { name } = ctx.apps.get(corpId, id)
    if (!isReturner && !allowed.has(id))
      throw new ApiError('badParameter', {
        zh: told`“${name}”的待办不可移交：请先在应用的“待办”里开启“可委托与移交”`,
        en: told`to-dos of “${name}” may not be passed on: switch on “may be delegated and passed on” in the to-do settings of the app first`,
      })
  }
  const appIds = given.appIds ?? apps.flatMap(one => (isReturner || one.mayPassOn ? [one.appId] : []))
  const at = new Date(ctx.now())
  const passedOn = await ctx.db.transaction().execute(async tx => {
    const moved = isReturner
      ? await store.giveBack(tx, corpId, [{ oldId: person.id, newId: to.id }], appIds)
      : await store.passOn(tx, corpId, { fromId: person.id, toId: to.id, appIds })
    if (moved.length === 0)
      throw new ApiError('badParameter', {
        zh: told`${person.name}（${person.userId}）没有可移交的待办`,
        en: told`${person.name} (${person.userId}) has no to-dos that may be passed on`,
      })
    const detail = { to: to.userId, count: moved.length, appIds: [...appIds] }
    await record(tx, ctx, {
      act: 'todo.pass-on',
      target: person.userId,
      targetName: person.name,
      corpId,
      actor,
      detail,
    })
    await tellOfTransfers(tx, ctx, corpId, moved, at)
    return moved.length
  })
  // The successor may have delegated theirs.
  await settleHolders(ctx, corpId)
  return { passedOn }
}

async function leaver(ctx: SettleNeeds, corpId: string, userId: string) {
  const key = userKey(userId)
  const member = ctx.mirrors.of(corpId).members.byKey(key)
  const hasIt = member && isThere(member)
  // Others who had the userid may have left something, whoever has it now.
  const former = (hasIt || !member) && (await leaverWithOpen(ctx.db, corpId, key))
  if (former) return former
  if (hasIt) throw stillThere(member)
  const person = member ?? (await personByKey(ctx.db, corpId, key))
  if (!person) throw new ApiError('unknownMember', told`${userId}`)
  return person
}

async function leaverById(ctx: SettleNeeds, corpId: string, id: number) {
  const member = ctx.mirrors.of(corpId).members.byId(id)
  if (member && isThere(member)) throw stillThere(member)
  const [person] = await peopleById(ctx.db, corpId, [id])
  if (!person) throw new ApiError('unknownMember', told`${id}`)
  return person
}

function stillThere({ name, userId }: MemberCore): ApiError {
  return new ApiError('badParameter', {
    zh: told`${name}（${userId}）还在职：请用委托`,
    en: told`${name} (${userId}) has not left: delegate their to-dos instead`,
  })
}

/** Throws 1000 and 1007. */
function successor(ctx: SettleNeeds, corpId: string, userId: string, from: { userId: string }): MemberCore {
  const member = ctx.mirrors.of(corpId).members.byKey(userKey(userId))
  if (!member || !isListed(member)) throw new ApiError('unknownMember', told`${userId}`)
  // Whoever comes back may not have signed in to WeCom again.
  if (!mayAct(member) && !(member.key === userKey(from.userId) && isThere(member)))
    throw new ApiError('badParameter', {
      zh: told`${own('to')}：${member.name}（${userId}）未激活或已禁用`,
      en: told`${own('to')}: ${member.name} (${userId}) is not active`,
    })
  return member
}
