import { type Static, Type } from 'typebox'
import { operator } from '../../../callers/developers/operator.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { personSight } from '../../../organisation/directory/permissions/person.ts'
import { resolveAudience } from '../../../organisation/directory/read/audience.ts'
import { viewOf, visibleMember } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  choice,
  flag,
  optionalIds,
  optionalInteger,
  optionalText,
  optionalTime,
  text,
} from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import { countTags } from '../../../upstream/official/calls/mass.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { checkAbility } from '../accounts/abilities.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { type AudienceInput, audienceKinds, openidsAtMost } from './audience.ts'
import { type ContentInput, contentTypes } from './content.ts'
import {
  createMass,
  decideMass,
  forecastMass,
  massOf,
  previewTo,
  setNeedsApproval,
  stopMass,
  takeBackMass,
} from './mass.ts'
import { candidates, masses, needsApproval } from './store.ts'
import { massSchema, viewOfMass } from './view.ts'

type Needs = Core & { accounts: Accounts }
type WithMirrors = Needs & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const id = text('群发的 id', { max: 32 })
const bodyAtMost = 8 * 1024 * 1024

const audienceFields = {
  to: choice('发给谁', audienceKinds),
  tagId: optionalInteger('粉丝标签', { min: 0, max: 2_147_483_647 }),
  openids: optionalIds('OpenID 名单', { max: openidsAtMost }),
  toUser: optionalIds('成员，@all 为全部', { max: 10_000 }),
  toParty: optionalIds('部门', { max: 1000 }),
  toTag: optionalIds('企业微信标签', { max: 1000 }),
}
const contentFields = {
  type: choice('类型', contentTypes),
  text: optionalText('正文', { max: 10_000, lines: true }),
  images: optionalIds('图片文件的 SHA-256', { max: 100 }),
  voice: optionalText('语音文件的 SHA-256', { max: 64 }),
  draft: optionalText('草稿的 media_id', { max: 200 }),
  ignoreReprint: flag('被判为转载时是否继续群发'),
}

type AudienceFields = {
  to: (typeof audienceKinds)[number]
  tagId: number | undefined
  openids: string[]
  toUser: string[]
  toParty: string[]
  toTag: string[]
}

/** Members are those whom the administrator sees. */
async function audienceOf(
  ctx: WithMirrors,
  visitor: Visitor,
  corpId: string,
  given: AudienceFields,
): Promise<AudienceInput> {
  const { to, tagId, openids } = given
  switch (to) {
    case 'all':
      return { to }
    case 'tag':
      if (tagId === undefined) throw new ApiError('missingParameter', 'tagId')
      return { to, tagId }
    case 'openids':
      return { to, openids }
    case 'members': {
      const whole = viewOf(ctx, operator(corpId))
      const view = { ...whole, sight: personSight(whole.tree, visitor) }
      const { isAll, members } = await resolveAudience(ctx, view, given)
      const everybody = () => [...view.mirror.members.all()].filter(core => visibleMember(view, core))
      return { to, memberIds: (isAll ? everybody() : members).map(member => member.id) }
    }
  }
}

function contentOf(given: Omit<ContentInput, 'type'> & { type: ContentInput['type'] }): ContentInput {
  const { type, text: words, images, voice, draft, ignoreReprint } = given
  return { type, text: words, images, voice, draft, ignoreReprint }
}

const listSchema = Type.Object({ list: Type.Array(massSchema), total: Type.Number() })
export type MassView = Static<typeof massSchema>

export const listMassesCall = pageCall({
  method: 'GET',
  path: '/web/official/masses',
  point: 'official:read',
  access,
  input: {
    originalId,
    pageNo: optionalInteger('页码', { min: 1, max: 100_000 }),
    pageSize: optionalInteger('每页条数', { min: 1, max: 100 }),
  },
  output: listSchema,
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const limit = input.pageSize ?? 20
    const { list, total } = await masses(ctx.db, account, {
      offset: ((input.pageNo ?? 1) - 1) * limit,
      limit,
    })
    const language = languageOf(request.headers['accept-language'])
    return { list: list.map(mass => viewOfMass(mass, visitor.actor, language)), total }
  },
})

export const getMassCall = pageCall({
  method: 'GET',
  path: '/web/official/mass',
  point: 'official:read',
  access,
  input: { originalId, id },
  output: massSchema,
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    return viewOfMass(await massOf(ctx, account, input.id), visitor.actor, language)
  },
})

/** What a form offers. */
export const massChoicesCall = pageCall({
  method: 'GET',
  path: '/web/official/mass/choices',
  point: 'official:read',
  access,
  directory: true,
  input: { originalId },
  output: Type.Object({
    tags: Type.Array(Type.Object({ id: Type.Number(), name: Type.String(), count: Type.Number() })),
    needsApproval: Type.Boolean(),
    /** Whom a preview may be sent to; a name may be ''. */
    followers: Type.Array(Type.Object({ openid: Type.String(), name: Type.String() })),
  }),
  async handle(ctx: WithMirrors, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    checkAbility(account, 'mass')
    const [tags, isNeeded, found] = await Promise.all([
      countTags(account.client).catch((error: unknown) => {
        throw upstreamError(error)
      }),
      needsApproval(ctx.db, account),
      candidates(ctx.db, account, 50),
    ])
    const { members } = ctx.mirrors.of(corpId)
    const followers = found.map(({ openid, name, memberId }) => ({
      openid,
      name: (memberId === null ? undefined : members.byId(memberId)?.name) ?? name,
    }))
    return { tags, needsApproval: isNeeded, followers }
  },
})

export const forecastMassCall = pageCall({
  method: 'POST',
  path: '/web/official/mass/forecast',
  point: 'official:mass',
  access,
  directory: true,
  bodyAtMost,
  input: { originalId, ...audienceFields },
  output: Type.Object({
    receivers: Type.Number(),
    calls: Type.Number(),
    notLinked: Type.Number(),
    limits: Type.Array(Type.Object({ what: Type.String(), used: Type.Number(), most: Type.Number() })),
    notes: Type.Array(Type.String()),
    needsApproval: Type.Boolean(),
  }),
  async handle(ctx: WithMirrors, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const audience = await audienceOf(ctx, visitor, corpId, input)
    const { limits, notes, ...rest } = await forecastMass(ctx, account, audience)
    const language: Language = languageOf(request.headers['accept-language'])
    return {
      ...rest,
      limits: limits.map(({ what, used, most }) => ({ what: wordsIn(language, what), used, most })),
      notes: notes.map(note => wordsIn(language, note)),
    }
  },
})

export const createMassCall = pageCall({
  method: 'POST',
  path: '/web/official/mass/create',
  point: 'official:mass',
  access,
  directory: true,
  bodyAtMost,
  input: {
    originalId,
    requestId: text('同一次提交用同一个', { max: 64 }),
    sendAt: optionalTime('定时发送；不填则立即'),
    ...audienceFields,
    ...contentFields,
  },
  output: Type.Object({ id: Type.String(), state: massSchema.properties.state }),
  async handle(ctx: WithMirrors, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const audience = await audienceOf(ctx, visitor, corpId, input)
    const { sendAt, requestId } = input
    return createMass(ctx, visitor.actor, account, {
      audience,
      content: contentOf(input),
      sendAt,
      requestId,
    })
  },
})

export const previewMassCall = pageCall({
  method: 'POST',
  path: '/web/official/mass/preview',
  point: 'official:mass',
  access,
  outgoing: true,
  input: { originalId, openid: text('粉丝的 OpenID', { max: 64 }), ...contentFields },
  output: Type.Object({}),
  async handle(ctx: Needs & { corps: Corps; offered: FeatureOffers }, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await previewTo(ctx, visitor.actor, account, input.openid, contentOf(input))
    return {}
  },
})

export const decideMassCall = pageCall({
  method: 'POST',
  path: '/web/official/mass/decide',
  point: 'official:approve',
  access,
  input: { originalId, id, decision: choice('决定', ['approve', 'reject']) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await decideMass(ctx, visitor.actor, account, input.id, input.decision === 'approve')
    return {}
  },
})

export const stopMassCall = pageCall({
  method: 'POST',
  path: '/web/official/mass/stop',
  point: 'official:mass',
  access,
  input: { originalId, id },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await stopMass(ctx, visitor.actor, accountFor(ctx, visitor, corpId, input.originalId), input.id)
    return {}
  },
})

export const takeBackMassCall = pageCall({
  method: 'POST',
  path: '/web/official/mass/delete',
  point: 'official:mass',
  access,
  input: { originalId, id },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await takeBackMass(ctx, visitor.actor, accountFor(ctx, visitor, corpId, input.originalId), input.id)
    return {}
  },
})

/** Whether mass messages need a second administrator is for those who give accounts to graded ones. */
export const setMassApprovalCall = pageCall({
  method: 'POST',
  path: '/web/official/mass/approval',
  access: administrator('super'),
  point: 'official:edit',
  input: { originalId, isNeeded: flag('是否需要审批') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await setNeedsApproval(ctx, visitor.actor, account, input.isNeeded)
    return {}
  },
})
