import { type Static, Type } from 'typebox'
import { sees, type Viewer, viewerOf } from '../../../../organisation/directory/console/viewer.ts'
import type { Mirrors } from '../../../../organisation/directory/mirror/mirrors.ts'
import { recordExport } from '../../../../platform/audit/audit.ts'
import type { Core } from '../../../../platform/core.ts'
import { sendCsv } from '../../../../platform/http/answers/csv.ts'
import {
  flag,
  optionalChoice,
  optionalIds,
  optionalInteger,
  optionalText,
  text,
} from '../../../../platform/http/input.ts'
import { exporting, pageOf, paging } from '../../../../platform/http/list-input.ts'
import { fileSchema, time } from '../../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../../platform/http/page-call.ts'
import { dayOf } from '../../../../platform/operation/day.ts'
import { accountFor } from '../../accounts/access.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { windowsOf } from '../../sends/store.ts'
import { leftOf } from '../../sends/windows.ts'
import { checkFollowers } from '../known.ts'
import { blockFollowers, remarkFollower } from '../people.ts'
import { tagsOf } from '../tags/store.ts'
import * as store from './store.ts'

type Needs = Core & { accounts: Accounts }
type WithMembers = Needs & { mirrors: Mirrors }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const openid = text('粉丝的 openid', { max: 64 })
const openids = optionalIds('粉丝的 openid，最多 500 个', { max: 500 })

const maybeTime = Type.Union([time, Type.Null()])
const followerSchema = Type.Object({
  openid: Type.String(),
  unionid: Type.Union([Type.String(), Type.Null()]),
  nickname: Type.String(),
  avatar: Type.String(),
  remark: Type.String(),
  subscribed: Type.Boolean(),
  subscribedAt: maybeTime,
  unsubscribedAt: maybeTime,
  scene: Type.String(),
  qrScene: Type.String(),
  tagIds: Type.Array(Type.Integer()),
  isBlocked: Type.Boolean(),
  /** Whether a member is linked; who, only for those who see the member. */
  isLinked: Type.Boolean(),
  member: Type.Union([Type.Object({ userId: Type.String(), name: Type.String() }), Type.Null()]),
  linkedAt: maybeTime,
  readAt: maybeTime,
})
export type FollowerView = Static<typeof followerSchema>

const yesOrNo = (description: string) => optionalChoice(description, ['1', '0'])

const filterInput = {
  originalId,
  text: optionalText('昵称、备注、openid 或 unionid', { max: 64 }),
  tagId: optionalInteger('标签', { min: 0, max: 2_147_483_647 }),
  scene: optionalText('来源', { max: 64 }),
  qrScene: optionalText('二维码的场景值', { max: 64 }),
  subscribed: yesOrNo('1 关注中，0 已取消关注'),
  linked: yesOrNo('1 已绑定成员，0 未绑定'),
  blocked: yesOrNo('1 在黑名单，0 不在'),
}

type Filter = Omit<store.FollowerFilter, 'subscribed' | 'linked' | 'blocked'> &
  Partial<Record<'subscribed' | 'linked' | 'blocked', '0' | '1' | undefined>>

function filterOf({ text, tagId, scene, qrScene, ...flags }: Filter): store.FollowerFilter {
  const given = (value: '0' | '1' | undefined) => (value === undefined ? undefined : value === '1')
  return {
    text,
    tagId,
    scene,
    qrScene,
    subscribed: given(flags.subscribed),
    linked: given(flags.linked),
    blocked: given(flags.blocked),
  }
}

export const listFollowersCall = pageCall({
  method: 'GET',
  path: '/web/official/followers',
  point: 'follower:read',
  access,
  directory: true,
  input: { ...filterInput, ...paging },
  output: Type.Object({ list: Type.Array(followerSchema), total: Type.Number() }),
  async handle(ctx: WithMembers, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const { list, total } = await store.listFollowers(ctx.db, account, filterOf(input), pageOf(input))
    const viewer = viewerOf(ctx, corpId, visitor)
    return { list: list.map(one => viewOf(viewer, one)), total }
  },
})

function viewOf(viewer: Viewer, { memberId, ...row }: store.Follower): FollowerView {
  const core = memberId === null ? undefined : viewer.mirror.members.byId(memberId)
  return {
    ...row,
    isLinked: memberId !== null,
    member: core && sees(viewer, core) ? { userId: core.userId, name: core.name } : null,
  }
}

/** Everything about one follower, with what may be sent to them now. */
export const showFollower = pageCall({
  method: 'GET',
  path: '/web/official/follower',
  point: 'follower:read',
  access,
  directory: true,
  input: { originalId, openid },
  output: Type.Object({
    follower: followerSchema,
    window: Type.Object({ messages: Type.Integer(), until: maybeTime }),
  }),
  async handle(ctx: WithMembers, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await checkFollowers(ctx, account, [input.openid])
    const [found, windows] = await Promise.all([
      store.findFollower(ctx.db, account, { openid: input.openid }),
      windowsOf(ctx.db, account, [input.openid]),
    ])
    const viewer = viewerOf(ctx, corpId, visitor)
    return { follower: viewOf(viewer, found as store.Follower), window: leftOf(windows, ctx.now()) }
  },
})

/** Where followers came from, for the filter. */
export const followerScenes = pageCall({
  method: 'GET',
  path: '/web/official/follower-scenes',
  point: 'follower:read',
  access,
  input: { originalId },
  output: Type.Object({ list: Type.Array(Type.String()) }),
  handle: async (ctx: Needs, { input, visitor, corpId }) => ({
    list: await store.scenesOf(ctx.db, accountFor(ctx, visitor, corpId, input.originalId)),
  }),
})

const heads = {
  zh: [
    ...['openid', 'unionid', '昵称', '备注', '关注中', '关注时间', '取消关注时间', '来源', '二维码', '标签'],
    ...['黑名单', '成员', '成员姓名'],
  ],
  en: [
    ...[
      'openid',
      'unionid',
      'Nickname',
      'Remark',
      'Follows',
      'Since',
      'Left at',
      'Came by',
      'QR code',
      'Tags',
    ],
    ...['Black list', 'Member', 'Name of member'],
  ],
} as const
const chunk = 1000

/** The same followers as a file; that it was taken is an act itself. */
export const exportFollowers = pageCall({
  method: 'GET',
  path: '/web/official/followers/export',
  point: 'follower:export',
  access,
  directory: true,
  input: { ...filterInput, language: exporting.language },
  output: fileSchema,
  async handle(ctx: WithMembers, { input, visitor, corpId, reply }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'official.followers', input })
    const viewer = viewerOf(ctx, corpId, visitor)
    const tags = new Map((await tagsOf(ctx.db, account)).map(tag => [tag.id, tag.name]))
    return sendCsv(reply, {
      name: `followers-${dayOf(ctx.now())}`,
      head: heads[input.language ?? 'zh'],
      chunks: store.allFollowers(ctx.db, account, filterOf(input), chunk),
      cells: follower => {
        const one = viewOf(viewer, follower)
        return [
          ...[one.openid, one.unionid, one.nickname, one.remark, Number(one.subscribed)],
          ...[follower.subscribedAt, follower.unsubscribedAt, one.scene, one.qrScene],
          one.tagIds.map(id => tags.get(id) ?? id).join('|'),
          ...[Number(one.isBlocked), one.member?.userId ?? '', one.member?.name ?? ''],
        ]
      },
    })
  },
})

export const remarkFollowerCall = pageCall({
  method: 'POST',
  path: '/web/official/follower/remark',
  point: 'follower:edit',
  access,
  input: { originalId, openid, remark: optionalText('备注，最多 30 字；空为删除', { max: 200 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await remarkFollower(ctx, visitor.actor, account, input.openid, input.remark ?? '')
    return {}
  },
})

export const blockFollowersCall = pageCall({
  method: 'POST',
  path: '/web/official/follower/block',
  point: 'follower:edit',
  access,
  input: { originalId, openids, isOn: flag('1 加入黑名单，0 移出') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await blockFollowers(ctx, visitor.actor, account, input.openids, input.isOn)
    return {}
  },
})
