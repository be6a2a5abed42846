import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { ApiError } from '../../http/errors.ts'
import type { Words } from '../../http/words.ts'
import { signal } from '../../storage/bus.ts'
import type { Db } from '../../storage/db.ts'
import { purposes } from '../sealed.ts'

type Needs = Core & { corps: Corps }

export const keepDaysByDefault = 180

export type SmtpSettings = {
  host: string
  port: number
  /** `tls`: encrypted from the first byte; `starttls`: upgrade required; `none`: unencrypted. */
  security: 'tls' | 'starttls' | 'none'
  user: string
  password: string
  /** For example `消息中心 <noreply@example.com>`. */
  from: string
  /** PEM certificate of a private certificate authority. */
  ca?: string
}

export type SmsSettings =
  | {
      vendor: 'tencent'
      secretId: string
      secretKey: string
      sdkAppId: string
      region: string
      signName: string
      endpoint?: string
    }
  | { vendor: 'aliyun'; accessKeyId: string; accessKeySecret: string; signName: string; endpoint?: string }

export const smsTemplateSchema = Type.Object({
  id: Type.String(),
  vendorId: Type.String(),
  signName: Type.String(),
  params: Type.Array(Type.String()),
  text: Type.String(),
})
export type SmsTemplate = Static<typeof smsTemplateSchema>

export type MessageSettings = {
  agentId: number | null
  dailyCap: number | null
  keepDays: number
  smtp: SmtpSettings | undefined
  sms: SmsSettings | undefined
  templates: ReadonlyMap<string, SmsTemplate>
}

const none: MessageSettings = {
  agentId: null,
  dailyCap: null,
  keepDays: keepDaysByDefault,
  smtp: undefined,
  sms: undefined,
  templates: new Map(),
}

/** Settings of every corp, kept in memory and reread with the other configuration. */
export type MessageSettingsOfCorps = {
  reload(corpId?: string): Promise<void>
  of(corpId: string): MessageSettings
}

export function createMessageSettings(ctx: Pick<Core, 'db' | 'seal'>): MessageSettingsOfCorps {
  let settings = new Map<string, MessageSettings>()
  return {
    of: corpId => settings.get(corpId) ?? none,
    async reload(corpId) {
      const read = await readSettings(ctx, corpId)
      const others = [...settings].filter(([id]) => corpId !== undefined && id !== corpId)
      settings = new Map([...others, ...read])
    },
  }
}

async function readSettings(
  ctx: Pick<Core, 'db' | 'seal'>,
  corpId: string | undefined,
): Promise<Map<string, MessageSettings>> {
  const ofCorp = corpId === undefined ? sql<boolean>`true` : sql<boolean>`corp_id = ${corpId}`
  const [rows, templates] = await Promise.all([
    ctx.db.selectFrom('message_settings').selectAll().where(ofCorp).execute(),
    ctx.db.selectFrom('sms_template').selectAll().where(ofCorp).execute(),
  ])
  const rowOf = new Map(rows.map(row => [row.corp_id, row]))
  const templatesOf = Map.groupBy(templates, row => row.corp_id)
  const open = <T>(sealed: string | null | undefined, purpose: string) =>
    sealed ? (JSON.parse(ctx.seal.open(sealed, purpose)) as T) : undefined
  const corpIds = new Set([...rowOf.keys(), ...templatesOf.keys()])
  return new Map(
    [...corpIds].map(id => {
      const row = rowOf.get(id)
      const own = (templatesOf.get(id) ?? []).map(one => ({
        id: one.id,
        vendorId: one.vendor_id,
        signName: one.sign_name,
        params: one.params,
        text: one.text,
      }))
      return [
        id,
        {
          agentId: row?.agent_id ?? null,
          dailyCap: row?.daily_cap ?? null,
          keepDays: row?.keep_days ?? none.keepDays,
          smtp: open<SmtpSettings>(row?.smtp, purposes.smtp),
          sms: open<SmsSettings>(row?.sms, purposes.sms),
          templates: new Map(own.map(one => [one.id, one])),
        },
      ]
    }),
  )
}

export type SettingsChange = {
  agentId?: number | null
  dailyCap?: number | null
  keepDays?: number
  smtp?: SmtpSettings | null
  sms?: SmsSettings | null
}

/** Columns that are edited together on one form. */
const groups = {
  wecom: ['agent_id', 'daily_cap'],
  email: ['smtp'],
  sms: ['sms'],
  keep: ['keep_days'],
} as const
export type SettingsGroup = keyof typeof groups

function versionOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}

/** Changes with every change of a group, so that a save from an outdated form is detected. */
export async function settingsVersions(db: Db, corpId: string): Promise<Record<SettingsGroup, string>> {
  const row = await db
    .selectFrom('message_settings')
    .selectAll()
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  const unset = { agent_id: null, daily_cap: null, smtp: null, sms: null, keep_days: none.keepDays }
  const entries = Object.entries(groups).map(([group, columns]) => [
    group,
    versionOf(columns.map(column => (row ?? unset)[column])),
  ])
  return Object.fromEntries(entries) as Record<SettingsGroup, string>
}

const stale: Words = {
  zh: '配置已被他人修改，请刷新后再改',
  en: 'somebody else has changed these settings: reload before changing them',
}

/**
 * Changes settings. `expected` is the version that the form was filled from; if it is no longer current, throws 1000.
 */
export async function changeSettings(
  ctx: Needs,
  actor: string,
  corpId: string,
  change: SettingsChange,
  expected?: { group: SettingsGroup; version: string },
): Promise<void> {
  const corp = ctx.corps.get(corpId)
  if (change.agentId && !corp.agents.some(agent => agent.agentId === change.agentId)) {
    throw new ApiError('badParameter', {
      zh: `没有应用 ${change.agentId}`,
      en: `there is no agent ${change.agentId}`,
    })
  }
  if (change.keepDays !== undefined && !(change.keepDays >= 1 && change.keepDays <= 3650)) {
    throw new ApiError('badParameter', {
      zh: 'keepDays 应为 1 到 3650',
      en: 'keepDays should be from 1 to 3650',
    })
  }
  const sealed = (value: object | null | undefined, purpose: string) =>
    value && ctx.seal.seal(JSON.stringify(value), purpose)
  const row = {
    agent_id: change.agentId,
    daily_cap: change.dailyCap,
    keep_days: change.keepDays,
    smtp: sealed(change.smtp, purposes.smtp),
    sms: sealed(change.sms, purposes.sms),
  }
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
  await ctx.db.transaction().execute(async tx => {
    await sql`select 1 from corp where corp_id = ${corpId} for no key update`.execute(tx)
    if (expected && (await settingsVersions(tx, corpId))[expected.group] !== expected.version)
      throw new ApiError('badParameter', stale)
    await tx
      .insertInto('message_settings')
      .values({ corp_id: corpId, agent_id: null, daily_cap: null, smtp: null, sms: null, ...given })
      .onConflict(conflict => conflict.column('corp_id').doUpdateSet({ corp_id: corpId, ...given }))
      .execute()
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'message.config',
      target: corpId,
      detail: { fields: Object.keys(given) },
    })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

export function templateVersion(template: SmsTemplate): string {
  const { vendorId, signName, params, text } = template
  return versionOf([vendorId, signName, params, text])
}

/**
 * Saves a template. `expected` is the version that the form was filled from, '' for a new template; if it does not
 * match, throws 1000.
 */
export async function putTemplate(
  ctx: Needs,
  actor: string,
  corpId: string,
  template: SmsTemplate,
  expected?: string,
): Promise<void> {
  ctx.corps.get(corpId)
  if (!/^[\w.-]{1,64}$/.test(template.id))
    throw new ApiError('badParameter', {
      zh: '模板 id 只能含字母、数字、_ . -',
      en: 'a template id takes letters, digits, _ . - only',
    })
  if (template.params.some(name => !/^\w{1,40}$/.test(name)))
    throw new ApiError('badParameter', {
      zh: '变量名只能含字母、数字和 _',
      en: 'a variable name takes letters, digits and _ only',
    })
  const row = {
    vendor_id: template.vendorId,
    sign_name: template.signName,
    params: template.params,
    text: template.text,
  }
  await ctx.db.transaction().execute(async tx => {
    await sql`select 1 from corp where corp_id = ${corpId} for no key update`.execute(tx)
    if (expected !== undefined) await checkTemplate(tx, corpId, template.id, expected)
    await tx
      .insertInto('sms_template')
      .values({ corp_id: corpId, id: template.id, ...row })
      .onConflict(conflict => conflict.columns(['corp_id', 'id']).doUpdateSet(row))
      .execute()
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'message.template',
      target: template.id,
      detail: { params: template.params },
    })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

async function checkTemplate(tx: Db, corpId: string, id: string, expected: string): Promise<void> {
  const row = await tx
    .selectFrom('sms_template')
    .select(['id', 'vendor_id as vendorId', 'sign_name as signName', 'params', 'text'])
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row && expected === '')
    throw new ApiError('badParameter', { zh: `模板 ${id} 已存在`, en: `template ${id} exists already` })
  if ((row ? templateVersion(row) : '') !== expected)
    throw new ApiError('badParameter', {
      zh: `模板 ${id} 已被他人修改或删除，请刷新后再改`,
      en: `somebody else has changed or removed template ${id}: reload before changing it`,
    })
}

export async function removeTemplate(ctx: Core, actor: string, corpId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const removed = await tx
      .deleteFrom('sms_template')
      .where('corp_id', '=', corpId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (removed.numDeletedRows === 0n)
      throw new ApiError('badParameter', { zh: `没有模板 ${id}`, en: `there is no template ${id}` })
    await record(tx, ctx, { corpId, actor, act: 'message.template.remove', target: id, detail: {} })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}
