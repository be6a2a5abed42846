import { Type } from 'typebox'
import { type Corps, unknownAgent, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import { integer, optionalText, text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { lastPushesOf } from '../../../platform/inbox/push-store.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import type { AgentCallback, Agents } from '../callbacks/callbacks.ts'
import { keepKeys, rotateKeys } from '../callbacks/rotate.ts'
import { callbackSettings, setUpCallback } from '../callbacks/set-callback.ts'
import { checkForward, forwardForm, setForward, stopForward } from '../forward/set-forward.ts'
import { tellOfLife } from '../life/causes.ts'
import { ends } from '../life/life.ts'
import { livesOf } from '../life/life-store.ts'

type Needs = Core & { agents: Agents; corps: Corps; outbound: Outbound }

/** What an agent hears, for those who look after the corp's applications. */
const access = administrator('super')
const agentId = integer('企业微信自建应用的 AgentId', { min: 1, max: 2_147_483_647 })

const stateSchema = Type.Object({
  agentId: Type.Number(),
  name: Type.String(),
  /** Null until somebody sets it up. */
  callback: Type.Union([
    Type.Object({
      /** To paste into WeCom. While new keys wait they are the new ones. */
      url: Type.String(),
      token: Type.String(),
      encodingAesKey: Type.String(),
      verifiedAt: Type.Union([time, Type.Null()]),
      /** New keys wait for WeCom to verify them. */
      isRotating: Type.Boolean(),
      lastPushAt: Type.Union([time, Type.Null()]),
      /** The last push that was refused, while none was taken since. */
      refused: Type.Union([Type.Object({ at: time, why: Type.String(), from: Type.String() }), Type.Null()]),
      forward: Type.Union([
        Type.Object({
          url: Type.String(),
          failingSince: Type.Union([time, Type.Null()]),
          problem: Type.String(),
        }),
        Type.Null(),
      ]),
      /** Of the form of `forward`. */
      version: Type.String(),
    }),
    Type.Null(),
  ]),
  /** What WeCom said of the use of the agent, while it matters. */
  warnings: Type.Array(Type.Object({ title: Type.String(), what: Type.String(), fix: Type.String() })),
})

async function stateOf(ctx: Needs, corpId: string, id: number, language: Language) {
  const agent = ctx.corps.get(corpId).agents.find(one => one.agentId === id)
  if (!agent) throw unknownAgent(id)
  const callback = ctx.agents.callbackOf(corpId, id)
  const [[last], lives] = await Promise.all([
    lastPushesOf(ctx.db, 'agent', [{ corpId, account: String(id) }]),
    livesOf(ctx.db, corpId),
  ])
  const open = lives.filter(one => one.agentId === id && !ends.has(one.event))
  const name = agent.name || String(id)
  return {
    agentId: id,
    name,
    callback: callback ? callbackView(ctx, callback, last?.at ?? null, language) : null,
    warnings: open.map(({ event, effectAt }) => {
      const life = { agentId: id, name, event, effectAt: effectAt?.toISOString() ?? null }
      const telling = tellOfLife(life, zoneOf(ctx, corpId))
      const { title, what, fix } = telling
      return { title: wordsIn(language, title), what: wordsIn(language, what), fix: wordsIn(language, fix) }
    }),
  }
}

function callbackView(ctx: Needs, callback: AgentCallback, lastPushAt: Date | null, language: Language) {
  const { verifiedAt, nextKeys, refused, forwardTo } = callback
  const isRefused = refused && refused.at > (lastPushAt ?? new Date(0))
  return {
    ...callbackSettings(ctx, callback),
    verifiedAt,
    isRotating: nextKeys !== undefined,
    lastPushAt,
    refused: isRefused ? refused : null,
    forward: forwardTo
      ? {
          url: forwardTo.url,
          failingSince: forwardTo.failing?.since ?? null,
          problem: forwardTo.failing ? wordsIn(language, forwardTo.failing.problem) : '',
        }
      : null,
    version: versionOf(forwardForm(forwardTo)),
  }
}

export const showCallback = pageCall({
  method: 'GET',
  path: '/web/agents/callback',
  point: 'agent:edit',
  access,
  input: { agentId },
  output: stateSchema,
  handle: (ctx: Needs, { corpId, input, request }) =>
    stateOf(ctx, corpId, input.agentId, languageOf(request.headers['accept-language'])),
})

export const setUpCallbackCall = pageCall({
  method: 'POST',
  path: '/web/agents/callback/set-up',
  point: 'agent:edit',
  access,
  input: { agentId },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    await setUpCallback(ctx, visitor.actor, corpId, input.agentId)
    return {}
  },
})

export const rotateCallback = pageCall({
  method: 'POST',
  path: '/web/agents/callback/rotate',
  point: 'agent:edit',
  access,
  input: { agentId },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    await rotateKeys(ctx, visitor.actor, corpId, input.agentId)
    return {}
  },
})

export const keepCallback = pageCall({
  method: 'POST',
  path: '/web/agents/callback/keep',
  point: 'agent:edit',
  access,
  input: { agentId },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    await keepKeys(ctx, visitor.actor, corpId, input.agentId)
    return {}
  },
})

/** Saves where messages are passed on. If token and key are left out, the present ones stay. */
export const saveForward = pageCall({
  method: 'POST',
  path: '/web/agents/forward/save',
  point: 'agent:edit',
  access,
  outgoing: 'handler',
  input: {
    agentId,
    version: text('页面所见的版本', { max: 64 }),
    url: text('原来接收消息的系统的 URL', { max: 512 }),
    token: optionalText('那个系统的 Token', { max: 32 }),
    encodingAesKey: optionalText('那个系统的 EncodingAESKey', { max: 43 }),
  },
  /** `problem`: it is saved, and does not answer the verification as it should; '' when it does. */
  output: Type.Object({ problem: Type.String() }),
  async handle(ctx: Needs, { corpId, input, visitor, request, goOut }) {
    const { agentId, version, ...settings } = input
    checkForward(ctx, { corpId, agentId }, settings)
    await goOut()
    const problem = await setForward(ctx, visitor.actor, { corpId, agentId }, settings, version)
    return { problem: problem ? wordsIn(languageOf(request.headers['accept-language']), problem) : '' }
  },
})

export const endForward = pageCall({
  method: 'POST',
  path: '/web/agents/forward/stop',
  point: 'agent:edit',
  access,
  input: { agentId },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    await stopForward(ctx, visitor.actor, { corpId, agentId: input.agentId })
    return {}
  },
})
