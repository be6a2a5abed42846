import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalStructured, optionalText, text, texts } from '../../../platform/http/input.ts'
import { onPage, orderOf, paging, sorting } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import type { Setups } from '../channel.ts'
import { smsPreview, smsPreviewSchema } from './preview.ts'
import { type SmsSettings, vendorsAtMost, vendorsOf, wayOf, wayWords } from './settings.ts'
import { putTemplate, removeTemplate, templateVersion } from './templates.ts'
import { atVendorSchema, type SmsTemplates, smsTemplateSchema } from './templates-store.ts'

type Needs = Core & { messageSettings: Setups }

const setupOf = (ctx: Needs, corpId: string) =>
  ctx.messageSettings.setupOf<SmsSettings, SmsTemplates>(corpId, 'sms')

const templateRowSchema = Type.Object({
  ...smsTemplateSchema.properties,
  version: Type.String(),
})
export type TemplateRow = Static<typeof templateRowSchema>

export const listTemplates = pageCall({
  method: 'GET',
  path: '/web/messages/templates',
  access: administrator('super'),
  point: 'message:read',
  input: {
    search: optionalText('模板 id、编号或内容中的文字', { max: 100 }),
    ...paging,
    sort: sorting,
  },
  output: Type.Object({
    list: Type.Array(templateRowSchema),
    total: Type.Number(),
    sign: Type.String(),
    /** The corp's vendors in their order. */
    vendors: Type.Array(Type.Object({ way: Type.String(), vendor: Type.String(), label: Type.String() })),
  }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const setup = setupOf(ctx, corpId)
    const { settings, extra } = setup
    const { search = '' } = input
    const { sign } = orderOf(input.sort, ['id'], 'id')
    const found = [...(extra?.values() ?? [])]
      .filter(one => [one.id, one.vendorId, one.text].some(part => part.includes(search)))
      .sort((a, b) => (a.id < b.id ? -1 : 1) * sign)
    const list = onPage(found, input).map(one => ({ ...one, version: templateVersion(one) }))
    const language = languageOf(request.headers['accept-language'])
    const vendors = vendorsOf(setup).map(one => {
      const way = wayOf(one)
      return { way, vendor: one.vendor, label: wordsIn(language, wayWords(way) ?? way) }
    })
    return { list, total: found.length, sign: settings?.signName ?? '', vendors }
  },
})

const vendorsSchema = Type.Record(Type.String({ pattern: '^[a-z0-9-]{1,20}$' }), atVendorSchema, {
  maxProperties: vendorsAtMost * 2,
})

const fields = {
  params: texts('变量名，按接口 params 的顺序', { max: 20, length: 40 }),
  signName: optionalText('签名，默认为短信配置的签名', { max: 50 }),
  text: optionalText('模板内容，供预览', { max: 1000, lines: true }),
}

export const saveTemplate = pageCall({
  method: 'POST',
  path: '/web/messages/templates/save',
  access: administrator('super'),
  point: 'message:settings',
  input: {
    id: text('模板 id，即接口的 templateId', { max: 64 }),
    vendorId: optionalText('第一家服务商处的模板编号', { max: 100 }),
    vendors: optionalStructured('其他服务商处的编号、签名和变量顺序', vendorsSchema),
    version: optionalText('打开表单时的版本；空为新建', { max: 64 }),
    ...fields,
  },
  output: templateRowSchema,
  async handle(ctx: Needs & { corps: Corps }, { input, visitor, corpId }): Promise<TemplateRow> {
    const { id, vendorId, vendors, params, signName = '', version = '' } = input
    const template = { id, vendorId: vendorId ?? '', params, signName, text: input.text ?? '' }
    const stored = await putTemplate(
      ctx,
      visitor.actor,
      corpId,
      vendors ? { ...template, vendors } : template,
      version,
    )
    return { ...stored, version: templateVersion(stored) }
  },
})

export const removeTemplateCall = pageCall({
  method: 'POST',
  path: '/web/messages/templates/remove',
  access: administrator('super'),
  point: 'message:settings',
  input: { id: text('模板 id', { max: 64 }) },
  output: Type.Object({
    id: Type.String(),
  }),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await removeTemplate(ctx, visitor.actor, corpId, input.id)
    return { id: input.id }
  },
})

/** Previews a template that may not have been saved yet. */
export const previewTemplate = pageCall({
  method: 'POST',
  path: '/web/messages/templates/preview',
  access: administrator('super'),
  point: 'message:settings',
  input: { ...fields, values: texts('变量的值', { max: 20, length: 500 }) },
  output: smsPreviewSchema,
  async handle(ctx: Needs, { input, corpId }) {
    const sign = input.signName || (setupOf(ctx, corpId).settings?.signName ?? '')
    return smsPreview({ params: input.params, text: input.text ?? '' }, sign, input.values)
  },
})
