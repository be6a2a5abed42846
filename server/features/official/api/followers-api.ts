import { type Static, Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { listedMember, type View, viewOf, visibleMember } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalIds, optionalInteger, optionalText } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { type Follower, findFollower, followersAfter } from '../followers/list/store.ts'
import { accountOf, notLinked, originalIdField } from './reach.ts'

type Needs = Core & { accounts: Accounts; mirrors: Mirrors }

const followerSchema = Type.Object({
  openid: Type.String({
    about: { zh: '粉丝在这个公众号的 openid', en: 'openid of the follower at this account' },
  }),
  unionid: Type.String({
    about: { zh: '绑定微信开放平台后才有', en: 'Only for accounts of a WeChat open platform' },
  }),
  userId: Type.String({
    about: {
      zh: '绑定的成员；未绑定或不在数据范围内为空',
      en: 'The member who is linked; empty when nobody is, or not within the data scope',
    },
  }),
  subscribed: Type.Boolean({ about: { zh: '是否关注中', en: 'Whether they follow now' } }),
  subscribedAt: Type.String({ about: { zh: '关注时间', en: 'Follows since' } }),
  unsubscribedAt: Type.String({ about: { zh: '取消关注的时间', en: 'Left at' } }),
  nickname: Type.String({ about: { zh: '昵称，本人同意后才有', en: 'Nickname, once the person agreed' } }),
  avatar: Type.String({ about: { zh: '头像，本人同意后才有', en: 'Picture, once the person agreed' } }),
  remark: Type.String({ about: { zh: '备注', en: 'Remark' } }),
  tagIds: Type.Array(Type.Integer(), { about: { zh: '标签', en: 'Tags' } }),
  scene: Type.String({
    about: { zh: '来源，微信的 subscribe_scene', en: 'Where from: subscribe_scene of WeChat' },
  }),
  qrScene: Type.String({
    about: { zh: '最近一次扫的二维码的场景值', en: 'Scene of the QR code that was scanned last' },
  }),
  blocked: Type.Boolean({ about: { zh: '是否在黑名单', en: 'Whether they are blocked' } }),
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
  summary: { zh: '粉丝详情', en: 'Get a follower' },
  description: { zh: 'openid、unionid、userId 填一个。', en: 'Give one of openid, unionid and userId.' },
  access: { by: 'developer', scope: 'official:read' },
  directory: true,
  input: {
    originalId: originalIdField,
    openid: optionalText({ zh: '粉丝的 openid', en: 'openid of the follower' }, { max: 64 }),
    unionid: optionalText({ zh: '粉丝的 unionid', en: 'unionid of the follower' }, { max: 64 }),
    userId: optionalText({ zh: '绑定的成员', en: 'The member who is linked' }, { max: 64 }),
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

type FollowerIds = { openid?: string | undefined; unionid?: string | undefined; userId?: string | undefined }

/** The follower who is named in exactly one way. Throws 1000, 1001 and 1007. */
export async function oneFollower(
  ctx: Needs,
  developer: Caller,
  account: Account,
  { openid, unionid, userId }: FollowerIds,
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
  if (!found && userId !== undefined) throw notLinked(userId, account)
  if (!found)
    throw new ApiError('badParameter', {
      zh: told`公众号没有粉丝 ${given[0]}（不存在，或已取消关注）`,
      en: told`the account has no follower ${given[0]} (unknown, or unsubscribed)`,
    })
  return found
}

export const listFollowersOf = endpoint({
  methods: ['GET'],
  path: '/api/official/follower/list',
  section: 'wisp',
  summary: { zh: '粉丝列表', en: 'List followers' },
  description: {
    zh: '按 openid 排序分页：nextOpenid 不为空时，作为下一页的 afterOpenid。openids、unionids、userIds 只取其中的粉丝；没有的不在列表中。',
    en: 'Pages in the order of openids: when nextOpenid is not empty, it is the next afterOpenid. openids, unionids and userIds take these followers only; those who do not exist are left out.',
  },
  access: { by: 'developer', scope: 'official:read' },
  directory: true,
  input: {
    originalId: originalIdField,
    openids: optionalIds({ zh: '只要这些 openid', en: 'These openids only' }, { max: 500 }),
    unionids: optionalIds({ zh: '只要这些 unionid', en: 'These unionids only' }, { max: 500 }),
    userIds: optionalIds(
      { zh: '只要绑定了这些成员的', en: 'Only those linked to these members' },
      { max: 500 },
    ),
    subscribed: optionalChoice({ zh: '1 关注中，0 已取消关注', en: '1 follows, 0 has left' }, ['1', '0']),
    tagId: optionalInteger({ zh: '标签', en: 'Tags' }, { min: 0, max: 2_147_483_647 }),
    afterOpenid: optionalText({ zh: '从这个 openid 之后开始', en: 'Begin after this openid' }, { max: 64 }),
    limit: optionalInteger(
      { zh: '最多返回多少个，默认 100', en: 'At most so many; 100 by default' },
      { min: 1, max: 1000 },
    ),
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
    openid,
    subscribed,
    nickname,
    avatar,
    remark,
    tagIds,
    scene,
    qrScene,
    unionid: row.unionid ?? '',
    userId: visibleMember(view, member)?.userId ?? '',
    subscribedAt: row.subscribedAt?.toISOString() ?? '',
    unsubscribedAt: row.unsubscribedAt?.toISOString() ?? '',
    blocked: row.isBlocked,
  }
}
