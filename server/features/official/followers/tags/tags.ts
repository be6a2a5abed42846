import { setTimeout as delay } from 'node:timers/promises'
import { type Detail, record } from '../../../../platform/audit/audit.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { hasControlCharacter } from '../../../../platform/http/rules.ts'
import { own, told } from '../../../../platform/http/told.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import * as wechat from '../../../../upstream/official/calls/users.ts'
import { OfficialError } from '../../../../upstream/official/errors.ts'
import { fromUpstream } from '../../../../upstream/upstream-error.ts'
import { checkAbility } from '../../accounts/abilities.ts'
import type { Account } from '../../accounts/accounts.ts'
import { checkFollowers, inChunks } from '../known.ts'
import * as store from './store.ts'

/** WeChat's own tags, such as 星标组, cannot be renamed or deleted. */
const firstOwnId = 3

export async function createTag(ctx: Core, actor: string, account: Account, given: string): Promise<number> {
  checkAbility(account, 'followers')
  const name = tagName(given)
  const id = await fromUpstream(wechat.createTag(account.client, name))
  await noted(ctx, actor, account, 'create', { id, name }, tx => store.putTagName(tx, account, id, name))
  return id
}

export async function renameTag(
  ctx: Core,
  actor: string,
  account: Account,
  id: number,
  given: string,
): Promise<void> {
  checkAbility(account, 'followers')
  const name = tagName(given)
  const before = await ownTag(ctx, account, id)
  await fromUpstream(wechat.renameTag(account.client, id, name))
  const changes = { name: { before, after: name } }
  await noted(ctx, actor, account, 'rename', { id, changes }, tx => store.putTagName(tx, account, id, name))
}

export async function deleteTag(ctx: Core, actor: string, account: Account, id: number): Promise<void> {
  checkAbility(account, 'followers')
  const name = await ownTag(ctx, account, id)
  await fromUpstream(wechat.deleteTag(account.client, id))
  await noted(ctx, actor, account, 'delete', { id, name }, tx => store.dropTag(tx, account, id))
}

/**
 * Puts a tag on followers or takes it off them, fifty at a time. What was done before a failure stays done, here as at
 * WeChat.
 */
export async function tagFollowers(
  ctx: Core,
  actor: string,
  account: Account,
  change: { tagId: number; openids: readonly string[]; isOn: boolean },
): Promise<void> {
  checkAbility(account, 'followers')
  const { tagId: id, openids, isOn } = change
  const name = await knownTag(ctx, account, id)
  await checkFollowers(ctx, account, openids)
  await oneAtATime(account, async () => {
    for (const some of inChunks(openids, wechat.limits.openidsPerTagging)) {
      await fromUpstream(putTag(ctx, account, id, some, isOn))
      const detail = { id, name, openids: some }
      await noted(ctx, actor, account, isOn ? 'put' : 'take', detail, tx =>
        store.noteTagged(tx, account, id, some, isOn),
      )
    }
  })
}

const spurious = 45159
const pausesMs = [300, 600, 1200]

/**
 * Another node or program that tags the same person at this moment makes WeChat say that the tag does not exist. What is said
 * four times is true.
 */
async function putTag(
  ctx: Core,
  { client }: Account,
  id: number,
  openids: readonly string[],
  isOn: boolean,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await wechat.putTag(client, id, openids, isOn)
    } catch (error) {
      const pauseMs = pausesMs[tries]
      const isSpurious = error instanceof OfficialError && error.errcode === spurious
      if (!isSpurious || pauseMs === undefined) throw error
      // Nodes that met once would meet again after the same pause.
      await delay(pauseMs * (0.5 + Math.random()), undefined, { signal: ctx.stopping })
    }
  }
}

const last = new Map<string, Promise<unknown>>()

/** WeChat takes one tag of a person at a time (docs/upstream/official-followers.md#tags). */
async function oneAtATime(account: Account, work: () => Promise<void>): Promise<void> {
  const { originalId } = account
  const before = last.get(originalId)
  const mine = (before ?? Promise.resolve()).then(work, work)
  last.set(originalId, mine)
  try {
    await mine
  } finally {
    if (last.get(originalId) === mine) last.delete(originalId)
  }
}

function tagName(given: string): string {
  const name = given.trim()
  const bytes = Buffer.byteLength(name)
  const { tagNameBytes } = wechat.limits
  if (name === '' || hasControlCharacter(name, false) || bytes > tagNameBytes)
    throw new ApiError('badParameter', {
      zh: told`标签名应为 1 到 ${own(tagNameBytes)} 字节（一个汉字占 3 字节），现为 ${own(bytes)} 字节`,
      en: told`a tag's name should have 1 to ${own(tagNameBytes)} bytes (a Chinese character has 3), and this has ${own(bytes)}`,
    })
  return name
}

async function knownTag(ctx: Core, account: Account, id: number): Promise<string> {
  const name = await store.findTag(ctx.db, account, id)
  if (name === undefined)
    throw new ApiError('badParameter', { zh: told`没有标签 ${id}`, en: told`there is no tag ${id}` })
  return name
}

async function ownTag(ctx: Core, account: Account, id: number): Promise<string> {
  if (id < firstOwnId)
    throw new ApiError('badParameter', {
      zh: told`标签 ${id} 是微信自带的，不能修改`,
      en: told`the tag ${id} is WeChat's own and cannot be changed`,
    })
  return knownTag(ctx, account, id)
}

async function noted(
  ctx: Core,
  actor: string,
  { corpId, originalId, name }: Account,
  verb: 'create' | 'rename' | 'delete' | 'put' | 'take',
  detail: Detail,
  write: (tx: Db) => Promise<void>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await write(tx)
    const entry = { corpId, actor, target: originalId, targetName: name, detail }
    await record(tx, ctx, { ...entry, act: `official.tag.${verb}` })
  })
}
