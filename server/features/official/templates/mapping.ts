import { type Static, Type } from 'typebox'
import { type Detail, record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Words } from '../../../platform/words.ts'
import type { WireTemplate } from '../../../upstream/official/calls/templates.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { fieldsOf, isDropped, misfit, type TemplateField } from './fields.ts'
import * as store from './store.ts'
import { abilityOf, templateOf } from './templates.ts'

/** What fills a field: an input of the message, the time of sending, or always the same text. */
export const sources = ['title', 'content', 'agentName', 'sentAt', 'text'] as const
export type Source = (typeof sources)[number]

export const filledFieldSchema = Type.Object({
  field: Type.String({ minLength: 1, maxLength: 64 }),
  from: Type.Enum(sources),
  /** The text of the source `text`. */
  text: Type.Optional(Type.String({ maxLength: 200 })),
})
export type FilledField = Static<typeof filledFieldSchema>

export type Mapping = { template: WireTemplate; fields: FilledField[] }

const takesTime = new Set(['time', 'date', 'thing', 'short_thing', ''])

/** Why the field cannot be filled so; undefined when it can. */
function fault(field: TemplateField, filled: FilledField | undefined): Words | undefined {
  if (!filled) return { zh: '没有选择内容', en: 'nothing fills it' }
  const { from, text = '' } = filled
  if (from === 'text') return text ? misfit(field, text) : { zh: '没有填写文字', en: 'the text is missing' }
  if (from === 'sentAt' && !takesTime.has(field.type)) return { zh: '不能填时间', en: 'a time does not fit' }
  return undefined
}

/**
 * Sets by which template, and how, messages of the message centre go out by the account. Throws 1000 and 1009; the fault names
 * the field.
 */
export async function setMapping(
  ctx: Core,
  actor: string,
  account: Account,
  templateId: string,
  fields: readonly FilledField[],
): Promise<void> {
  const template = await templateOf(ctx, account, templateId)
  checkAbility(account, abilityOf[template.kind])
  const filled = new Map(fields.map(one => [one.field, one]))
  const kept = fieldsOf(template).flatMap(field => {
    if (isDropped(template.kind, field.name)) return []
    const why = fault(field, filled.get(field.name))
    if (why)
      throw new ApiError('badParameter', {
        zh: told`${field.name}（${field.label}）${own(why.zh)}`,
        en: told`${field.name} (${field.label}): ${own(why.en)}`,
      })
    return filled.get(field.name) ?? []
  })
  const { kind, title } = template
  await change(ctx, actor, account, { template: templateId, title }, tx =>
    store.writeMapping(tx, account, { templateId, kind, fields: kept }),
  )
}

/** From now on the message centre sends nothing by the account. */
export async function removeMapping(ctx: Core, actor: string, account: Account): Promise<void> {
  await change(ctx, actor, account, { template: null }, tx => store.deleteMapping(tx, account))
}

async function change(
  ctx: Core,
  actor: string,
  { corpId, originalId }: Account,
  detail: Detail,
  write: (tx: Core['db']) => Promise<void>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await write(tx)
    await record(tx, ctx, { corpId, actor, act: 'official.template.map', target: originalId, detail })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

export async function mappingOf(
  ctx: Core,
  account: Account,
): Promise<{ templateId: string; fields: FilledField[] } | undefined> {
  const found = await store.findMapping(ctx.db, account)
  return found && { templateId: found.templateId, fields: found.fields as FilledField[] }
}
