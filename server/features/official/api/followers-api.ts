import { type Static, Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { listedMember, type View, viewOf, visibleMember } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalIds, optionalInteger, optionalText } from '../../../platform/http/input.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { type Follower, findFollower, followersAfter } from '../followers/list/store.ts'
import { accountOf, originalIdField } from './reach.ts'

type Needs = Core & { accounts: Accounts; mirrors: Mirrors }

const followerSchema = Type.Object({
  openid: Type.String({ description: '粉丝在这个公众号的 openid' }),
  unionid: Type.String({ description: '绑定微信开放平台后才有' }),
  userId: Type.String({ description: '绑定的成员；未绑定或不在数据范围内为空' }),
  subscribed: Type.Boolean({ description: '是否关注中' }),
  subscribedAt: Type.String({ description: '关注时间' }),
  unsubscribedAt: Type.String({ description: '取消关注的时间' }),
  nickname: Type.String({ description: '昵称，本人同意后才有' }),
  avatar: Type.String({ description: '头像，本人同意后才有' }),
  remark: Type.String({ description: '备注' }),
  tagIds: Type.Array(Type.Integer(), { description: '标签' }),
  scene: Type.String({ description: '来源，微信的 subscribe_scene' }),
  qrScene: Type.String({ description: '最近一次扫的二维码的场景值' }),
  blocked: Type.Boolean({ description: '是否在黑名单' }),
})
type FollowerView = Static<typeof followerSchema>

const sample: FollowerView = {
  openid: 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc',
  unionid: '',
  userId: 'zhangsan',
  subscribed: true,
  subscribedAt: '2026-11-20T02:00:00.000Z',
  unsubscribedAt: '',
  nickname: '',
  avatar: '',
  remark: '张三',
  tagIds: [101],
  scene: 'ADD_SCENE_QR_CODE',
  qrScene: 'hall',
  blocked: false,
}

export const getFollower = endpoint({
  methods: ['GET'],
  path: '/api/official/follower/get',
  section: 'wisp',
  summary: '粉丝详情',
  description: 'openid、unionid、userId 填一个。',
  access: { by: 'developer', scope: 'official:read' },
  directory: true,
  input: {
    originalId: originalIdField,
    openid: optionalText('粉丝的 openid', { max: 64 }),
    unionid: optionalText('粉丝的 unionid', { max: 64 }),
    userId: optionalText('绑定的成员', { max: 64 }),
  },
  logged: ['originalId', 'userId'],
  output: followerSchema,
  errors: ['unknownMember'],
  sample,
  sampleInput: { originalId: '{originalId}', openid: '{openid}' },
  async handle(ctx: Needs, { input, developer }) {
    const account = accountOf(ctx, developer, input.originalId)
    return wireOf(viewOf(ctx, developer), await oneFollower(ctx, developer, account, input))
  },
})

type Named = { openid?: string | undefined; unionid?: string | undefined; userId?: string | undefined }

/** The follower who is named in exactly one way. Throws 1000, 1001 and 1007. */
export async function oneFollower(
  ctx: Needs,
  developer: Caller,
  account: Account,
  { openid, unionid, userId }: Named,
): Promise<Follower> {
  const given = [openid, unionid, userId].filter(one => one !== undefined)
  if (given.length === 0) throw new ApiError('missingParameter', 'openid')
  if (given.length > 1)
    throw new ApiError('badParameter', {
      zh: 'openid、unionid、userId 只能填一个',
      en: 'give only one of openid, unionid and userId',
    })
  const by =
    openid !== undefined
      ? { openid }
      : unionid !== undefined
        ? { unionid }
        : { memberId: (await listedMember(ctx, developer, userId ?? '')).id }
  const found = await findFollower(ctx.db, account, by)
  if (!found)
    throw new ApiError('badParameter', {
      zh: `公众号没有这样的粉丝：${given[0]}`,
      en: `the account has no such follower: ${given[0]}`,
    })
  return found
}

export const listFollowersOf = endpoint({
  methods: ['GET'],
  path: '/api/official/follower/list',
  section: 'wisp',
  summary: '粉丝列表',
  description:
    '按 openid 排序分页：nextOpenid 不为空时，作为下一页的 afterOpenid。openids、unionids、userIds 只取其中的粉丝；没有的不在列表中。',
  access: { by: 'developer', scope: 'official:read' },
  directory: true,
  input: {
    originalId: originalIdField,
    openids: optionalIds('只要这些 openid', { max: 500 }),
    unionids: optionalIds('只要这些 unionid', { max: 500 }),
    userIds: optionalIds('只要绑定了这些成员的', { max: 500 }),
    subscribed: optionalChoice('1 关注中，0 已取消关注', ['1', '0']),
    tagId: optionalInteger('标签', { min: 0, max: 2_147_483_647 }),
    afterOpenid: optionalText('从这个 openid 之后开始', { max: 64 }),
    limit: optionalInteger('最多返回多少个，默认 100', { min: 1, max: 1000 }),
  },
  logged: ['originalId', 'userIds', 'subscribed', 'tagId', 'limit'],
  output: Type.Object({ list: Type.Array(followerSchema), nextOpenid: Type.String() }),
  errors: ['unknownMember'],
  sample: { list: [sample], nextOpenid: '' },
  sampleInput: { originalId: '{originalId}', limit: 10 },
  async handle(ctx: Needs, { input, developer }) {
    const account = accountOf(ctx, developer, input.originalId)
    const { openids, unionids, userIds, subscribed, tagId, afterOpenid = '', limit = 100 } = input
    const members = await Promise.all(userIds.map(userId => listedMember(ctx, developer, userId)))
    const filter = {
      ...(openids.length > 0 ? { openids } : {}),
      ...(unionids.length > 0 ? { unionids } : {}),
      ...(members.length > 0 ? { memberIds: members.map(member => member.id) } : {}),
      ...(subscribed === undefined ? {} : { subscribed: subscribed === '1' }),
      tagId,
    }
    const rows = await followersAfter(ctx.db, account, filter, afterOpenid, limit)
    const view = viewOf(ctx, developer)
    const nextOpenid = rows.length === limit ? (rows.at(-1)?.openid ?? '') : ''
    return { list: rows.map(row => wireOf(view, row)), nextOpenid }
  },
})

function wireOf(view: View, row: Follower): FollowerView {
  const { openid, subscribed, nickname, avatar, remark, tagIds, scene, qrScene } = row
  const member = row.memberId === null ? undefined : view.mirror.members.byId(row.memberId)
  return {
    ...{ openid, subscribed, nickname, avatar, remark, tagIds, scene, qrScene },
    unionid: row.unionid ?? '',
    userId: visibleMember(view, member)?.userId ?? '',
    subscribedAt: row.subscribedAt?.toISOString() ?? '',
    unsubscribedAt: row.unsubscribedAt?.toISOString() ?? '',
    blocked: row.isBlocked,
  }
}
