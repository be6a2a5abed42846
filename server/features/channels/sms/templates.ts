import type { Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Setups } from '../channel.ts'
import { lockCorp, versionOf } from '../settings-store.ts'
import { type SmsSettings, wayOf } from './settings.ts'
import {
  type AtVendor,
  deleteTemplate,
  findTemplate,
  readTemplates,
  type SmsTemplate,
  writeTemplate,
} from './templates-store.ts'

export function templateVersion(template: SmsTemplate): string {
  const { vendorId, vendors, signName, params, text } = template
  return versionOf([vendorId, vendors, signName, params, text])
}

/** Without `vendors` what is known of them stays. */
export type GivenTemplate = Omit<SmsTemplate, 'vendors'> & Partial<Pick<SmsTemplate, 'vendors'>>

/**
 * Saves a template. `expected` is the version that the form was filled from, '' for a new template; if it does not
 * match, throws 1000.
 */
export async function putTemplate(
  ctx: Core & { corps: Corps; messageSettings: Setups },
  actor: string,
  corpId: string,
  given: GivenTemplate,
  expected?: string,
): Promise<SmsTemplate> {
  ctx.corps.get(corpId)
  const known = await findTemplate(ctx.db, corpId, given.id)
  const template: SmsTemplate = { ...given, vendors: given.vendors ?? known?.vendors ?? {} }
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
  if (new Set(template.params).size !== template.params.length)
    throw new ApiError('badParameter', {
      zh: 'params 中有重复的变量名',
      en: 'params has a variable name twice',
    })
  checkVendorsOf(template)
  checkFirst(ctx, corpId, template)
  await ctx.db.transaction().execute(async tx => {
    await lockCorp(tx, corpId)
    const before = await findTemplate(tx, corpId, template.id)
    if (expected !== undefined) checkTemplate(before, template.id, expected)
    await writeTemplate(tx, corpId, template)
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'message.template',
      target: template.id,
      targetName: '',
      detail: { changes: changesOf(toldOf(before), toldOf(template)) },
    })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return template
}

/** What the audit log compares: each vendor's part as one text. */
function toldOf(template: SmsTemplate | undefined): Partial<Record<keyof SmsTemplate, string | string[]>> {
  if (!template) return {}
  const { vendors, ...rest } = template
  const parts = Object.entries(vendors).map(([way, { id, signName, params }]) =>
    [`${way}=${id}`, signName, params.join('/')].filter(Boolean).join(' '),
  )
  return { ...rest, vendors: parts }
}

/** Only a gateway takes a template without an id, and then it needs the words. */
function checkFirst(ctx: { messageSettings: Setups }, corpId: string, { vendorId, text }: SmsTemplate): void {
  const { settings } = ctx.messageSettings.setupOf<SmsSettings>(corpId, 'sms')
  if (settings?.vendor === 'http' && text === '')
    throw new ApiError('missingParameter', {
      zh: 'text（HTTP 网关按模板内容发送）',
      en: 'text (an HTTP gateway sends the words of the template)',
    })
  if (settings?.vendor !== 'http' && vendorId === '') throw new ApiError('missingParameter', 'vendorId')
}

/** A vendor whose template takes other parameters would send something else. */
function checkVendorsOf({ params, vendors }: SmsTemplate): void {
  for (const [way, { params: there }] of Object.entries(vendors)) {
    if (there.length === 0) continue
    if (there.length !== params.length)
      throw new ApiError('badParameter', {
        zh: told`服务商 ${own(way)} 处的模板有 ${own(there.length)} 个变量，这里登记了 ${own(params.length)} 个：须一样多`,
        en: told`the template has ${own(there.length)} variables at the vendor ${own(way)}, and ${own(params.length)} here: they must be as many`,
      })
    const strange = there.find((name, at) => !params.includes(name) || there.indexOf(name) !== at)
    if (strange !== undefined)
      throw new ApiError('badParameter', {
        zh: told`服务商 ${own(way)} 的变量 ${strange} 没有登记，或重复`,
        en: told`the variable ${strange} of the vendor ${own(way)} is not registered, or is there twice`,
      })
  }
}

/**
 * The template as this vendor knows it; undefined where it does not. What takes the words themselves needs these instead of an id.
 */
export function templateAt(
  template: SmsTemplate,
  vendors: readonly SmsSettings[],
  sms: SmsSettings,
  isAbroad: boolean,
): AtVendor | undefined {
  const way = wayOf(sms)
  const isFirst = vendors[0] !== undefined && wayOf(vendors[0]) === way
  const own: AtVendor | undefined = Object.hasOwn(template.vendors, way) ? template.vendors[way] : undefined
  const id = isFirst ? template.vendorId : (own?.id ?? '')
  const isByText = sms.vendor === 'http' || (sms.vendor === 'aliyun' && sms.abroad === 'globe' && isAbroad)
  if (isByText ? !template.text : !id) return undefined
  return {
    id,
    signName: own?.signName || template.signName || sms.signName,
    params: own && own.params.length > 0 ? own.params : template.params,
  }
}

/**
 * Keeps each template's id with its vendor while the order changes: `vendor_id` is the first vendor's, also for nodes of earlier versions,
 * which know one vendor alone. Runs in the transaction that changes the order.
 */
export async function pinTemplates(
  db: Db,
  corpId: string,
  before: readonly SmsSettings[],
  after: readonly SmsSettings[],
): Promise<void> {
  const [was, is] = [before[0], after[0]]
  if (!was || !is || wayOf(was) === wayOf(is)) return
  for (const template of (await readTemplates(db, corpId)).get(corpId)?.values() ?? []) {
    const { vendors, vendorId } = template
    const own = vendors[wayOf(was)] ?? { signName: '', params: [] }
    const pinned = { ...vendors, [wayOf(was)]: { ...own, id: vendorId } }
    await writeTemplate(db, corpId, {
      ...template,
      vendors: pinned,
      vendorId: pinned[wayOf(is)]?.id ?? '',
    })
  }
}

function checkTemplate(row: SmsTemplate | undefined, id: string, expected: string): void {
  if (row && expected === '')
    throw new ApiError('badParameter', {
      zh: told`模板 ${id} 已存在`,
      en: told`template ${id} exists already`,
    })
  if ((row ? templateVersion(row) : '') !== expected)
    throw new ApiError('badParameter', {
      zh: told`模板 ${id} 已被他人修改或删除，您的修改没有保存；请刷新后再改`,
      en: told`another administrator has changed or removed template ${id}, so your change was not saved: reload and redo it`,
    })
}

/** Removes an SMS template. @throws ApiError 1000 if it does not exist. */
export async function removeTemplate(ctx: Core, actor: string, corpId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (!(await deleteTemplate(tx, corpId, id)))
      throw new ApiError('badParameter', { zh: told`没有模板 ${id}`, en: told`there is no template ${id}` })
    await record(tx, ctx, { corpId, actor, act: 'message.template.remove', target: id, detail: {} })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}
