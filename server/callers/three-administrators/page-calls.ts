/** The page of the three administrators: of a corp, and the same of the installation. */

import { Type } from 'typebox'
import { agree, propose, refuse, threeActor } from '../../organisation/three/joint-acts.ts'
import { points } from '../../platform/http/admin/points.ts'
import { threeRoles } from '../../platform/http/admin/three-role.ts'
import { structured, text } from '../../platform/http/input.ts'
import { requiredId } from '../../platform/http/list-input.ts'
import { administrator, installation, pageCall } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import { type Language, languageOf, wordsIn } from '../../platform/words.ts'
import type { ThreeNeeds } from './needs.ts'
import { roleIn, stateShape, threeState } from './state.ts'
import { lossesOf, switchOn } from './switch-on.ts'

const ofCorp = administrator('super')
const nothing = Type.Object({})

const state = Type.Object({
  ...stateShape,
  /** Which of the three looks at it; null for none. */
  you: Type.Union([Type.Enum([...threeRoles]), Type.Null()]),
})

async function stateFor(
  ctx: ThreeNeeds,
  visitor: Visitor,
  corpId: string | undefined,
  { headers }: { headers: { 'accept-language'?: string | undefined } },
) {
  const language = languageOf(headers['accept-language'])
  return { ...(await threeState(ctx, corpId, language)), you: roleIn(ctx, visitor, corpId) }
}

const losses = Type.Object({
  list: Type.Array(
    Type.Object({
      userId: Type.String(),
      userName: Type.String(),
      isAccount: Type.Boolean(),
      /** What they lose, in words. */
      points: Type.Array(Type.String()),
    }),
  ),
  /** Admin tokens that end. */
  tokens: Type.Number(),
})

async function lossesFor(ctx: ThreeNeeds, corpId: string | undefined, language: Language) {
  const found = await lossesOf(ctx, corpId)
  const list = found.losses.map(one => ({
    ...one,
    points: one.points.map(point => wordsIn(language, points[point])),
  }))
  return { list, tokens: found.tokens }
}

const chosen = structured(
  '任命谁',
  Type.Array(
    Type.Object(
      {
        role: Type.Enum([...threeRoles]),
        userId: Type.String({ minLength: 1, maxLength: 64 }),
        corp: Type.Optional(Type.String({ maxLength: 64 })),
        declared: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    { maxItems: 30 },
  ),
)
const confirm = text('再次输入企业 ID；整个平台为 installation', { max: 64 })
const kind = text('操作的种类', { max: 64 })
const given = structured('操作的内容', Type.Object({}, { additionalProperties: true }))
const id = requiredId('操作编号')

const actorOf = (ctx: ThreeNeeds, visitor: Visitor, corpId: string | undefined) =>
  threeActor(ctx.three, visitor, corpId)

export const threeRead = pageCall({
  method: 'GET',
  path: '/web/three',
  access: ofCorp,
  point: 'three:read',
  directory: true,
  input: {},
  output: state,
  handle: (ctx: ThreeNeeds, { visitor, corpId, request }) => stateFor(ctx, visitor, corpId, request),
})

export const threeLosses = pageCall({
  method: 'GET',
  path: '/web/three/losses',
  access: ofCorp,
  point: 'three:read',
  directory: true,
  input: {},
  output: losses,
  handle: (ctx: ThreeNeeds, { corpId, request }) =>
    lossesFor(ctx, corpId, languageOf(request.headers['accept-language'])),
})

export const threeOn = pageCall({
  method: 'POST',
  path: '/web/three/on',
  access: ofCorp,
  point: 'role:edit',
  directory: true,
  input: { chosen, confirm },
  output: nothing,
  async handle(ctx: ThreeNeeds, { input, visitor, corpId }) {
    await switchOn(ctx, visitor.actor, corpId, input.chosen, input.confirm)
    return {}
  },
})

export const threePropose = pageCall({
  method: 'POST',
  path: '/web/three/propose',
  access: ofCorp,
  point: 'three:agree',
  directory: true,
  input: { kind, given },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: ThreeNeeds, { input, visitor, corpId }) {
    return { id: await propose(ctx, actorOf(ctx, visitor, corpId), corpId, input.kind, input.given) }
  },
})

export const threeAgree = pageCall({
  method: 'POST',
  path: '/web/three/agree',
  access: ofCorp,
  point: 'three:agree',
  directory: true,
  input: { id },
  output: Type.Object({ isDone: Type.Boolean() }),
  async handle(ctx: ThreeNeeds, { input, visitor, corpId }) {
    return { isDone: await agree(ctx, actorOf(ctx, visitor, corpId), corpId, input.id) }
  },
})

export const threeRefuse = pageCall({
  method: 'POST',
  path: '/web/three/refuse',
  access: ofCorp,
  point: 'three:agree',
  directory: 'handler',
  input: { id },
  output: nothing,
  async handle(ctx: ThreeNeeds, { input, visitor, corpId }) {
    await refuse(ctx, actorOf(ctx, visitor, corpId), corpId, input.id)
    return {}
  },
})

export const installationThreeRead = pageCall({
  method: 'GET',
  path: '/web/installation/three',
  access: installation,
  point: 'installation:three',
  directory: 'handler',
  input: {},
  output: state,
  handle: (ctx: ThreeNeeds, { visitor, request }) => stateFor(ctx, visitor, undefined, request),
})

export const installationThreeLosses = pageCall({
  method: 'GET',
  path: '/web/installation/three/losses',
  access: installation,
  point: 'installation:three',
  directory: 'handler',
  input: {},
  output: losses,
  handle: (ctx: ThreeNeeds, { request }) =>
    lossesFor(ctx, undefined, languageOf(request.headers['accept-language'])),
})

export const installationThreeOn = pageCall({
  method: 'POST',
  path: '/web/installation/three/on',
  access: installation,
  point: 'installation:protect',
  directory: 'handler',
  input: { chosen, confirm },
  output: nothing,
  async handle(ctx: ThreeNeeds, { input, visitor }) {
    await switchOn(ctx, visitor.actor, undefined, input.chosen, input.confirm)
    return {}
  },
})

export const installationThreePropose = pageCall({
  method: 'POST',
  path: '/web/installation/three/propose',
  access: installation,
  point: 'installation:agree',
  directory: 'handler',
  input: { kind, given },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: ThreeNeeds, { input, visitor }) {
    return { id: await propose(ctx, actorOf(ctx, visitor, undefined), undefined, input.kind, input.given) }
  },
})

export const installationThreeAgree = pageCall({
  method: 'POST',
  path: '/web/installation/three/agree',
  access: installation,
  point: 'installation:agree',
  directory: 'handler',
  input: { id },
  output: Type.Object({ isDone: Type.Boolean() }),
  async handle(ctx: ThreeNeeds, { input, visitor }) {
    return { isDone: await agree(ctx, actorOf(ctx, visitor, undefined), undefined, input.id) }
  },
})

export const installationThreeRefuse = pageCall({
  method: 'POST',
  path: '/web/installation/three/refuse',
  access: installation,
  point: 'installation:agree',
  directory: 'handler',
  input: { id },
  output: nothing,
  async handle(ctx: ThreeNeeds, { input, visitor }) {
    await refuse(ctx, actorOf(ctx, visitor, undefined), undefined, input.id)
    return {}
  },
})
