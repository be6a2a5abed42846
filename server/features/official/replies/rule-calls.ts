import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import {
  optionalChoice,
  optionalInteger,
  optionalText,
  structured,
  text,
} from '../../../platform/http/input.ts'
import { paging, requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf } from '../../../platform/http/words.ts'
import type { Offered } from '../../../platform/manifest/offered.ts'
import { ruleKinds } from '../../auto-replies/rule-kinds.ts'
import { oneRule, ruleList, ruleListOf } from '../../auto-replies/views.ts'
import { whyNot } from '../accounts/abilities.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { newRuleSchema, ownerOf, type Replies, ruleFields } from './account-rules.ts'
import { type Content, contentSchema } from './content.ts'
import { addRules, removeRule, setRule } from './edit.ts'
import { importSite, readSite } from './import.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: Offered }

const graded = administrator('graded')
export const originalId = text('公众号的原始 ID', { max: 64 })

/** The rules in the order in which they are asked. */
export const listRules = pageCall({
  method: 'GET',
  path: '/web/official/replies/rules',
  access: graded,
  point: 'official:read',
  input: {
    originalId,
    search: optionalText('名称、关键词或回复中的文字', { max: 64 }),
    kind: optionalChoice('种类', ruleKinds),
    ...paging,
  },
  output: Type.Object({
    ...ruleListOf(contentSchema),
    /** Why only one message can be answered; '' where more may follow as customer-service messages. */
    onlyOne: Type.String(),
  }),
  async handle(ctx: Needs & { replies: Replies }, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const owner = ownerOf(account)
    const rules = await ruleList<Content>(ctx.db, ctx.replies.of(owner), owner, input, language)
    return { ...rules, onlyOne: whyNot(account, 'customMessage')?.[language] ?? '' }
  },
})

export const getRule = pageCall({
  method: 'GET',
  path: '/web/official/replies/rule',
  access: graded,
  point: 'official:read',
  input: { originalId, id: requiredId('规则') },
  output: Type.Object({ ...ruleFields, id: Type.Number(), version: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return oneRule<Content>(ctx.db, ownerOf(account), input.id)
  },
})

export const saveRule = pageCall({
  method: 'POST',
  path: '/web/official/replies/rules/save',
  access: graded,
  point: 'official:content',
  input: {
    originalId,
    id: optionalInteger('规则；空为新建', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    version: optionalText('打开表单时的版本', { max: 64 }),
    rule: structured('规则', newRuleSchema),
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const by = { actor: visitor.actor, account: accountFor(ctx, visitor, corpId, input.originalId) }
    if (input.id === undefined) {
      const [id] = await addRules(ctx, by, [input.rule])
      return { id: id as number }
    }
    await setRule(ctx, by, input.id, input.rule, input.version)
    return { id: input.id }
  },
})

export const removeRuleCall = pageCall({
  method: 'POST',
  path: '/web/official/replies/rules/remove',
  access: graded,
  point: 'official:content',
  input: { originalId, id: requiredId('规则') },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    await removeRule(ctx, { actor: visitor.actor, account }, input.id)
    return { id: input.id }
  },
})

/** What was set up on WeChat's own site, and what of it can be taken over. */
export const previewImport = pageCall({
  method: 'GET',
  path: '/web/official/replies/import',
  access: graded,
  point: 'official:content',
  input: { originalId },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.String(),
        words: Type.Array(Type.String()),
        contents: newRuleSchema.properties.contents,
        /** Why it is not taken over; '' when it is. */
        why: Type.String(),
        notes: Type.Array(Type.String()),
      }),
    ),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const found = await readSite(ctx, account)
    return {
      list: found.map(({ name, rule, why, notes }) => ({
        name,
        kind: rule?.kind ?? '',
        words: rule?.words ?? [],
        contents: rule?.contents ?? [],
        why: why?.[language] ?? '',
        notes: notes.map(note => note[language]),
      })),
    }
  },
})

export const applyImport = pageCall({
  method: 'POST',
  path: '/web/official/replies/import/apply',
  access: graded,
  point: 'official:content',
  input: { originalId },
  output: Type.Object({ added: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { added: await importSite(ctx, { actor: visitor.actor, account }) }
  },
})
