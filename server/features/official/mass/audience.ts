import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { countFollowers, countTags, massLimits } from '../../../upstream/official/calls/mass.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import * as store from './store.ts'

export const audienceKinds = ['all', 'tag', 'openids', 'members'] as const
export type AudienceKind = (typeof audienceKinds)[number]

/** What a person gives; `memberIds` were resolved from the address book, as far as the person sees it. */
export type AudienceInput =
  | { to: 'all' }
  | { to: 'tag'; tagId: number }
  | { to: 'openids'; openids: readonly string[] }
  | { to: 'members'; memberIds: readonly number[] }

export type MassReach = {
  audience: store.Audience
  /** How many followers are meant. */
  receivers: number
  /** The openids of each call; null where it names everybody or a tag. */
  calls: (readonly string[] | null)[]
}

export const openidsAtMost = 200_000

/** Whom a mass message is for. Throws 1000, 1001, 1009 and what WeChat's answers throw. */
export async function reach(ctx: Core, account: Account, input: AudienceInput): Promise<MassReach> {
  checkAbility(account, input.to === 'all' || input.to === 'tag' ? 'mass' : 'massByList')
  switch (input.to) {
    case 'all':
      return { audience: input, receivers: await countFollowers(account.client), calls: [null] }
    case 'tag': {
      const tag = (await countTags(account.client)).find(one => one.id === input.tagId)
      if (!tag)
        throw new ApiError('badParameter', {
          zh: told`没有粉丝标签 ${input.tagId}`,
          en: told`there is no tag ${input.tagId} of followers`,
        })
      return {
        audience: { to: 'tag', tagId: tag.id, tagName: tag.name },
        receivers: tag.count,
        calls: [null],
      }
    }
    case 'openids': {
      const openids = [...new Set(input.openids)]
      if (openids.length === 0) throw new ApiError('missingParameter', 'openids')
      const bad = openids.find(openid => !/^[\w-]{8,64}$/.test(openid))
      if (bad !== undefined)
        throw new ApiError('badParameter', {
          zh: told`不是 OpenID：${bad.slice(0, 64)}`,
          en: told`this is no OpenID: ${bad.slice(0, 64)}`,
        })
      return { audience: { to: 'openids' }, receivers: openids.length, calls: callsOf(openids) }
    }
    case 'members': {
      const openids = await store.openidsOfMembers(ctx.db, account, input.memberIds)
      const members = input.memberIds.length
      const audience: store.Audience = {
        to: 'members',
        members,
        notLinked: Math.max(0, members - openids.length),
      }
      return { audience, receivers: openids.length, calls: callsOf(openids) }
    }
  }
}

/**
 * Splits a list of openids evenly into calls of 2 to 10,000, as WeChat takes them, so that no call is left with one.
 * @throws ApiError 1000 for a single openid.
 */
export function callsOf(openids: readonly string[]): string[][] {
  const { openidsLeast, openidsMost } = massLimits
  if (openids.length < openidsLeast)
    throw new ApiError('badParameter', {
      zh: told`名单里只有 ${own(openids.length)} 位粉丝，微信规定按名单群发至少 ${own(openidsLeast)} 位；只发给一位请用预览或客服消息`,
      en: told`the list has ${own(openids.length)} followers, and WeChat wants at least ${own(openidsLeast)}: use the preview or a customer-service message for one`,
    })
  const calls = Math.ceil(openids.length / openidsMost)
  const size = Math.ceil(openids.length / calls)
  return Array.from({ length: calls }, (_, n) => openids.slice(n * size, (n + 1) * size))
}
