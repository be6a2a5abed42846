import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { fieldsOf } from '../../../platform/acts/settings.ts'
import { givenOnly } from '../../../platform/command/command.ts'
import type { Core } from '../../../platform/core.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import { flag, text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { type Language, languageOf } from '../../../platform/words.ts'
import type { WecomOptions } from '../clients/clients.ts'
import { agentForm } from '../corp-admin.ts'
import type { Corps } from '../corps.ts'
import { callbackSettings, corpForm, publicUrlOf, setCorp, unknownCorp } from '../corps.ts'
import { isPrivateUrl } from '../doctor/callback.ts'
import { checkSchema } from '../doctor/check.ts'
import { type DoctorNeeds, lastDiagnosis, runDoctor } from '../doctor/doctor.ts'
import { corpSecrets, corpSettings } from '../settings.ts'
import { directorySize } from '../size-store.ts'
import { type AgentRow, allAgents, allCorps, type CorpRow, nodeAddresses } from '../store.ts'
import { changeCorp } from '../tried-secrets.ts'

type Needs = Core & { corps: Corps }

/**
 * The console's corps and their setup doctor (docs/interface/address-book.md#setup-doctor).
 */
const own = administrator('super')

export const corpIdInput = text('企业 ID', { max: 64 })
export const secretInput = text('Secret', { max: 256 })
export const languageAsked = (request: FastifyRequest) => languageOf(request.headers['accept-language'])
export const force = flag('1: 企业微信拒绝时也保存')

export const agentViewSchema = Type.Object({
  agentId: Type.Number(),
  name: Type.String(),
  uses: Type.Array(Type.String()),
  /** When the secret was stored; the secret itself is never sent. Null for secrets older than this record. */
  secretAt: Type.Union([time, Type.Null()]),
  version: Type.String(),
})
export type AgentView = Static<typeof agentViewSchema>

const corpViewSchema = Type.Object({
  corpId: Type.String(),
  name: Type.String(),
  /** '' when the corp uses the installation's address. */
  publicUrl: Type.String(),
  effectiveUrl: Type.String(),
  /** The installation's address. */
  commonUrl: Type.String(),
  /** True when WeCom cannot open the address from the internet. */
  isPrivate: Type.Boolean(),
  /** The values to paste into WeCom at 管理工具 → 通讯录同步 → 设置接收事件服务器. */
  callback: Type.Object({
    url: Type.String(),
    token: Type.String(),
    encodingAesKey: Type.String(),
  }),
  callbackVerifiedAt: Type.Union([time, Type.Null()]),
  hintTokenRequired: Type.Boolean(),
  timeZone: Type.String(),
  regime: Type.Enum(['unknown', 'full', 'restricted']),
  contactSecretAt: Type.Union([time, Type.Null()]),
  agents: Type.Array(agentViewSchema),
  /** The addresses from which WeCom sees the nodes; all of them must be trusted there. */
  addresses: Type.Array(Type.String()),
  departments: Type.Number(),
  members: Type.Number(),
  tags: Type.Number(),
  version: Type.String(),
  diagnosis: Type.Union([
    Type.Object({
      at: time,
      failed: Type.Array(Type.String()),
      checks: Type.Array(checkSchema),
    }),
    Type.Null(),
  ]),
})
export type CorpView = Static<typeof corpViewSchema>

export const showCorp = pageCall({
  method: 'GET',
  path: '/web/corps/one',
  access: own,
  point: 'corp:edit',
  input: {},
  output: corpViewSchema,
  handle: (ctx: Needs, { corpId, request }) => viewOf(ctx, corpId, languageAsked(request)),
})

async function viewOf(ctx: Needs, corpId: string, language: Language): Promise<CorpView> {
  const corp = ctx.corps.get(corpId)
  const [[row], agents, addresses, last, { departments, listed: members, tags }] = await Promise.all([
    allCorps(ctx.db, corpId),
    allAgents(ctx.db, corpId),
    nodeAddresses(ctx.db),
    lastDiagnosis(ctx, corpId, language),
    directorySize(ctx.db, corpId),
  ])
  if (!row) throw unknownCorp(corpId)
  const effectiveUrl = publicUrlOf(ctx, corp)
  return {
    corpId,
    name: row.name,
    publicUrl: row.publicUrl,
    effectiveUrl,
    commonUrl: ctx.publicUrl(),
    isPrivate: isPrivateUrl(effectiveUrl),
    callback: callbackSettings(ctx, corp),
    callbackVerifiedAt: row.callbackVerifiedAt,
    hintTokenRequired: row.hintTokenRequired,
    timeZone: row.timeZone,
    regime: row.regime,
    contactSecretAt: row.contactSecretAt,
    agents: agents.map(agentView),
    addresses,
    departments,
    members,
    tags,
    version: versionOf(corpForm(row satisfies CorpRow)),
    diagnosis: last ? { ...last, at: new Date(last.at) } : null,
  }
}

export function agentView(row: AgentRow): AgentView {
  const { agentId, name, uses, secretAt } = row
  return { agentId, name, uses, secretAt, version: versionOf(agentForm(row)) }
}

/**
 * `saved` is false when WeCom refused the secret; `checks` then holds its answer and what to do, and `force` saves it
 * anyway.
 */
export const secretOutcomeSchema = Type.Object({
  saved: Type.Boolean(),
  checks: Type.Array(checkSchema),
})
export type SecretOutcome = Static<typeof secretOutcomeSchema>

export const saveCorp = pageCall({
  method: 'POST',
  path: '/web/corps/save',
  access: own,
  point: 'corp:edit',
  input: {
    version: text('页面所见的版本', { max: 64 }),
    ...fieldsOf(corpSettings),
    ...fieldsOf(corpSecrets),
  },
  output: corpViewSchema,
  async handle(ctx: Needs, { corpId, input, visitor, request }): Promise<CorpView> {
    const { version, ...settings } = input
    await setCorp(ctx, visitor.actor, corpId, givenOnly(settings), version)
    return viewOf(ctx, corpId, languageAsked(request))
  },
})

export const rotateContactSecret = pageCall({
  method: 'POST',
  path: '/web/corps/rotate-secret',
  access: own,
  point: 'corp:edit',
  outgoing: true,
  input: { version: text('页面所见的版本', { max: 64 }), contactSecret: secretInput, force },
  output: secretOutcomeSchema,
  handle(
    ctx: Core & { corps: Corps; wecomOptions: WecomOptions },
    { corpId, input, visitor, request },
  ): Promise<SecretOutcome> {
    const { contactSecret, version, force } = input
    const attempt = { force, language: languageAsked(request) }
    return changeCorp(ctx, visitor.actor, corpId, { contactSecret }, attempt, version)
  },
})

/** Calls WeCom and may take up to 45 s. */
export const examineCorp = pageCall({
  method: 'POST',
  path: '/web/corps/doctor',
  access: own,
  point: 'corp:edit',
  outgoing: true,
  input: {},
  output: Type.Object({
    ok: Type.Boolean(),
    at: time,
    checks: Type.Array(checkSchema),
  }),
  async handle(ctx: DoctorNeeds, { corpId, request }) {
    const { ok, checks } = await runDoctor(ctx, corpId, languageAsked(request))
    return { ok, at: new Date(ctx.now()), checks }
  },
})
