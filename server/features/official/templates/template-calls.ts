import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { choice, integer, optionalText, structured, text } from '../../../platform/http/input.ts'
import { onPage, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { WireTemplate } from '../../../upstream/official/calls/templates.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { fieldsOf, isDropped } from './fields.ts'
import { filledFieldSchema, mappingOf, removeMapping, setMapping } from './mapping.ts'
import { countSends } from './sends/send-store.ts'
import { allTemplates, tickCounts } from './store.ts'
import { subscribePath } from './subscribe-page.ts'
import {
  addToAccount,
  categoriesOf,
  keywordsOf,
  libraryOf,
  pullTemplates,
  removeFromAccount,
  templateKinds,
} from './templates.ts'

type Needs = Core & { accounts: Accounts }

const access = administrator('graded')
const originalId = text('原始 ID（gh_…）', { max: 64 })
const templateId = text('模板 ID', { max: 128 })
const daysCounted = 30
const dayMs = 86_400_000

const templateSchema = Type.Object({
  kind: Type.Enum(templateKinds),
  id: Type.String(),
  title: Type.String(),
  content: Type.String(),
  example: Type.String(),
  isLongTerm: Type.Boolean(),
  fields: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Type.String(),
      type: Type.String(),
      choices: Type.Array(Type.String()),
      /** WeChat has not shown it since 2023. */
      isDropped: Type.Boolean(),
    }),
  ),
  /** Of the last 30 days, by what became of it. */
  sends: Type.Record(Type.String(), Type.Number()),
  /** Of the last 30 days, of 订阅通知. */
  ticks: Type.Object({ accepted: Type.Number(), rejected: Type.Number(), people: Type.Number() }),
  /** Where people agree; '' for template messages. */
  subscribeUrl: Type.String(),
})

export const listTemplates = pageCall({
  method: 'GET',
  path: '/web/official/templates',
  point: 'official:read',
  access,
  input: { originalId, ...paging },
  output: Type.Object({
    list: Type.Array(templateSchema),
    total: Type.Number(),
    /** By which template the message centre sends, and what fills its fields. */
    mapping: Type.Union([
      Type.Object({ templateId: Type.String(), fields: Type.Array(filledFieldSchema) }),
      Type.Null(),
    ]),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const since = new Date(ctx.now() - daysCounted * dayMs)
    const [templates, sends, ticks, mapping] = await Promise.all([
      allTemplates(ctx.db, account),
      countSends(ctx.db, account, since),
      tickCounts(ctx.db, account, since),
      mappingOf(ctx, account),
    ])
    const list = templates.map(template => ({
      ...viewOf(template),
      sends: Object.fromEntries(
        sends.filter(one => one.templateId === template.id).map(({ state, n }) => [state, n]),
      ),
      ticks: ticks.find(one => one.templateId === template.id) ?? { accepted: 0, rejected: 0, people: 0 },
      subscribeUrl:
        template.kind === 'subscribe'
          ? `${ctx.publicUrl()}${subscribePath(account.originalId, [template.id])}`
          : '',
    }))
    return { list: onPage(list, input), total: list.length, mapping: mapping ?? null }
  },
})

function viewOf(template: WireTemplate) {
  const { kind } = template
  const fields = fieldsOf(template).map(one => ({
    ...one,
    choices: [...one.choices],
    isDropped: isDropped(kind, one.name),
  }))
  return { ...template, fields }
}

export const pullTemplatesCall = pageCall({
  method: 'POST',
  path: '/web/official/templates/pull',
  point: 'official:content',
  access,
  outgoing: true,
  input: { originalId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await pullTemplates(ctx, accountFor(ctx, visitor, corpId, input.originalId))
    return {}
  },
})

export const templateCategories = pageCall({
  method: 'GET',
  path: '/web/official/templates/categories',
  point: 'official:read',
  access,
  input: { originalId },
  output: Type.Object({ list: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    return { list: await categoriesOf(accountFor(ctx, visitor, corpId, input.originalId)) }
  },
})

export const templateLibrary = pageCall({
  method: 'GET',
  path: '/web/official/templates/library',
  point: 'official:read',
  access,
  input: {
    originalId,
    categoryId: text('类目 ID', { max: 32 }),
    pageNo: integer('页码，从 1 起，每页 30 条', { min: 1, max: 10_000 }),
  },
  output: Type.Object({
    list: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), isLongTerm: Type.Boolean() })),
    total: Type.Number(),
  }),
  handle: (ctx: Needs, { input, visitor, corpId }) =>
    libraryOf(accountFor(ctx, visitor, corpId, input.originalId), input.categoryId, input.pageNo),
})

export const templateKeywords = pageCall({
  method: 'GET',
  path: '/web/official/templates/keywords',
  point: 'official:read',
  access,
  input: { originalId, libraryId: text('模板库中的编号', { max: 32 }) },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.Number(),
        name: Type.String(),
        example: Type.String(),
        type: Type.String(),
      }),
    ),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    return { list: await keywordsOf(accountFor(ctx, visitor, corpId, input.originalId), input.libraryId) }
  },
})

export const addTemplateCall = pageCall({
  method: 'POST',
  path: '/web/official/templates/add',
  point: 'official:content',
  access,
  input: {
    originalId,
    kind: choice('种类：template-模板消息；subscribe-订阅通知', templateKinds),
    libraryId: text('模板库中的编号', { max: 32 }),
    keywords: structured(
      '关键词，按显示的顺序',
      Type.Array(Type.Object({ id: Type.Integer(), name: Type.String({ maxLength: 64 }) }), { maxItems: 20 }),
    ),
    scene: optionalText('订阅通知的场景说明，15 字以内', { max: 64 }),
  },
  output: Type.Object({ templateId: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { originalId: id, scene = '', ...given } = input
    const account = accountFor(ctx, visitor, corpId, id)
    return { templateId: await addToAccount(ctx, visitor.actor, account, { ...given, scene }) }
  },
})

export const removeTemplateCall = pageCall({
  method: 'POST',
  path: '/web/official/templates/remove',
  point: 'official:content',
  access,
  input: { originalId, templateId },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await removeFromAccount(ctx, visitor.actor, account, input.templateId)
    return {}
  },
})

/** Maps a template. If there is none, the message centre sends nothing by the account. */
export const mapTemplateCall = pageCall({
  method: 'POST',
  path: '/web/official/templates/map',
  access: administrator('super'),
  point: 'official:edit',
  input: {
    originalId,
    templateId: optionalText('模板 ID；不填则取消', { max: 128 }),
    fields: structured('各字段的内容', Type.Array(filledFieldSchema, { maxItems: 30 })),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    if (input.templateId) await setMapping(ctx, visitor.actor, account, input.templateId, input.fields)
    else await removeMapping(ctx, visitor.actor, account)
    return {}
  },
})
