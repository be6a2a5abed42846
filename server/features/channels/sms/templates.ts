import type { Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { lockCorp, versionOf } from '../settings-store.ts'
import { deleteTemplate, findTemplate, type SmsTemplate, writeTemplate } from './templates-store.ts'

export function templateVersion(template: SmsTemplate): string {
  const { vendorId, signName, params, text } = template
  return versionOf([vendorId, signName, params, text])
}

/**
 * Saves a template. `expected` is the version that the form was filled from, '' for a new template; if it does not
 * match, throws 1000.
 */
export async function putTemplate(
  ctx: Core & { corps: Corps },
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
  if (new Set(template.params).size !== template.params.length)
    throw new ApiError('badParameter', {
      zh: 'params 中有重复的变量名',
      en: 'params has a variable name twice',
    })
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
      detail: { changes: changesOf({ ...before }, template) },
    })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

function checkTemplate(row: SmsTemplate | undefined, id: string, expected: string): void {
  if (row && expected === '')
    throw new ApiError('badParameter', {
      zh: told`模板 ${id} 已存在`,
      en: told`template ${id} exists already`,
    })
  if ((row ? templateVersion(row) : '') !== expected)
    throw new ApiError('badParameter', {
      zh: told`模板 ${id} 已被他人修改或删除，请刷新后再改`,
      en: told`somebody else has changed or removed template ${id}: reload before changing it`,
    })
}

export async function removeTemplate(ctx: Core, actor: string, corpId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (!(await deleteTemplate(tx, corpId, id)))
      throw new ApiError('badParameter', { zh: told`没有模板 ${id}`, en: told`there is no template ${id}` })
    await record(tx, ctx, { corpId, actor, act: 'message.template.remove', target: id, detail: {} })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}
