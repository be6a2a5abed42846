import { Type } from 'typebox'
import type { Core } from '../../../../platform/core.ts'
import { flag, integer, optionalIds, text } from '../../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import { accountFor } from '../../accounts/access.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { tagsOf } from './store.ts'
import { createTag, deleteTag, renameTag, tagFollowers } from './tags.ts'

type Needs = Core & { accounts: Accounts }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const tagId = integer('标签', { min: 0, max: 2_147_483_647 })
const name = text('标签名，最多 30 字节', { max: 64 })

export const listTagsCall = pageCall({
  method: 'GET',
  path: '/web/official/follower-tags',
  point: 'follower:read',
  access,
  input: { originalId },
  output: Type.Object({
    list: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String(), count: Type.Integer() })),
  }),
  handle: async (ctx: Needs, { input, visitor, corpId }) => ({
    list: await tagsOf(ctx.db, accountFor(ctx, visitor, corpId, input.originalId)),
  }),
})

export const createTagCall = pageCall({
  method: 'POST',
  path: '/web/official/follower-tag/create',
  point: 'follower:edit',
  access,
  input: { originalId, name },
  output: Type.Object({ id: Type.Integer() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { id: await createTag(ctx, visitor.actor, account, input.name) }
  },
})

export const renameTagCall = pageCall({
  method: 'POST',
  path: '/web/official/follower-tag/rename',
  point: 'follower:edit',
  access,
  input: { originalId, tagId, name },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await renameTag(ctx, visitor.actor, account, input.tagId, input.name)
    return {}
  },
})

export const deleteTagCall = pageCall({
  method: 'POST',
  path: '/web/official/follower-tag/delete',
  point: 'follower:edit',
  access,
  input: { originalId, tagId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await deleteTag(ctx, visitor.actor, account, input.tagId)
    return {}
  },
})

export const tagFollowersCall = pageCall({
  method: 'POST',
  path: '/web/official/follower-tag/put',
  point: 'follower:edit',
  access,
  input: {
    originalId,
    tagId,
    openids: optionalIds('粉丝的 openid，最多 500 个', { max: 500 }),
    isOn: flag('1 打标签，0 取消'),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const { tagId, openids, isOn } = input
    await tagFollowers(ctx, visitor.actor, account, { tagId, openids, isOn })
    return {}
  },
})
