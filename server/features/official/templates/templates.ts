import { type Detail, record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { type AttemptLimit, countAttempt } from '../../../platform/security/counters.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Words } from '../../../platform/words.ts'
import {
  addNotice,
  addTemplate,
  deleteTemplate,
  getBlocked,
  getCategories,
  getKeywords,
  getLibrary,
  getTemplates,
  type Keyword,
  type LibraryTemplate,
  type TemplateKind,
  type WireTemplate,
} from '../../../upstream/official/calls/templates.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { type AbilityName, checkAbility, whyNot } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import * as store from './store.ts'

export const templateKinds = ['template', 'subscribe'] as const satisfies TemplateKind[]

export const kindWords: Record<TemplateKind, Words> = {
  template: { zh: '模板消息', en: 'template message' },
  subscribe: { zh: '订阅通知', en: 'subscription notice' },
}

export const abilityOf: Record<TemplateKind, AbilityName> = {
  template: 'template',
  subscribe: 'subscriptionNotice',
}

const explained = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw upstreamError(error)
  }
}

/** Reads the account's templates of every kind that it may have. Throws 1009 and 1011. */
export async function pullTemplates(ctx: Core, account: Account): Promise<void> {
  const kinds = templateKinds.filter(kind => whyNot(account, abilityOf[kind]) === undefined)
  if (kinds.length === 0) checkAbility(account, 'subscriptionNotice')
  const lists = await explained(Promise.all(kinds.map(kind => getTemplates(account.client, kind))))
  await ctx.db.transaction().execute(async tx => {
    for (const [n, kind] of kinds.entries()) await store.replaceTemplates(tx, account, kind, lists[n] ?? [])
    // The message centre keeps in memory by which template it sends.
    await signal(tx, 'wisp_config', account.corpId)
  })
  await ctx.reloadConfig(account.corpId)
}

/**
 * The account's template of this id. Its kind is what WeChat listed it as: a template message's id is no 订阅通知's, and WeChat
 * would only say 40037. Throws 1000 for an unknown one, and for one of the other kind than was named.
 */
export async function templateOf(
  ctx: Core,
  account: Account,
  id: string,
  kind?: TemplateKind,
): Promise<WireTemplate> {
  const template = await store.findTemplate(ctx.db, account, id)
  if (!template)
    throw new ApiError('badParameter', {
      zh: told`公众号 ${account.name} 没有模板 ${id}；刚添加的模板请先在“模板消息”页同步`,
      en: told`the account ${account.name} has no template ${id}; if it was just added, pull the templates on the page of template messages`,
    })
  if (kind !== undefined && template.kind !== kind) {
    const [is, not] = [kindWords[template.kind], kindWords[kind]]
    throw new ApiError('badParameter', {
      zh: told`模板 ${id} 是${own(is.zh)}的模板（kind 应为 ${own(template.kind)}），不能作为${own(not.zh)}发送`,
      en: told`template ${id} is that of a ${own(is.en)} (kind should be ${own(template.kind)}), not of a ${own(not.en)}`,
    })
  }
  return template
}

/** For unknown ids templates are read again at most this often, because WeChat limits the calls of a day. */
const looks: AttemptLimit = { purpose: 'official-template-look', atMost: 3, windowMs: 300_000 }

/** The same; one that is not known is looked for at WeChat first, where it may have been added just now. */
export async function currentTemplateOf(
  ctx: Core,
  account: Account,
  id: string,
  kind?: TemplateKind,
): Promise<WireTemplate> {
  if (!(await store.findTemplate(ctx.db, account, id))) await lookAgain(ctx, account)
  return templateOf(ctx, account, id, kind)
}

async function lookAgain(ctx: Core, account: Account): Promise<void> {
  const { corpId, originalId } = account
  if ((await countAttempt(ctx, looks, { corpId, of: originalId })).isOver) return
  try {
    await pullTemplates(ctx, account)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    ctx.log.warn({ originalId, ...describeError(error) }, 'templates not read again')
  }
}

export async function categoriesOf(account: Account): Promise<{ id: string; name: string }[]> {
  checkAbility(account, 'subscriptionNotice')
  return explained(getCategories(account.client))
}

const titlesAtMost = 30

/** A page of the library of WeChat's templates in a category; `pageNo` counts from 1. */
export async function libraryOf(
  account: Account,
  categoryId: string,
  pageNo: number,
): Promise<{ total: number; list: LibraryTemplate[] }> {
  checkAbility(account, 'subscriptionNotice')
  return explained(getLibrary(account.client, [categoryId], (pageNo - 1) * titlesAtMost, titlesAtMost))
}

export async function keywordsOf(account: Account, libraryId: string): Promise<Keyword[]> {
  checkAbility(account, 'subscriptionNotice')
  return explained(getKeywords(account.client, libraryId))
}

export type NewTemplate = {
  kind: TemplateKind
  libraryId: string
  /** In the order in which they are shown. */
  keywords: readonly { id: number; name: string }[]
  /** What 订阅通知 are for, which the person who agrees reads. */
  scene: string
}

const sceneAtMost = 15

/** Adds a template of the library to the account and returns its id. Throws 1000, 1009 and 1011. */
export async function addToAccount(
  ctx: Core,
  actor: string,
  account: Account,
  given: NewTemplate,
): Promise<string> {
  const { kind, libraryId, keywords, scene } = given
  checkAbility(account, abilityOf[kind])
  checkKeywords(given)
  const id = await explained(
    kind === 'template'
      ? addTemplate(
          account.client,
          libraryId,
          keywords.map(one => one.name),
        )
      : addNotice(
          account.client,
          libraryId,
          keywords.map(one => one.id),
          scene,
        ),
  )
  await pullTemplates(ctx, account)
  await note(ctx, actor, account, 'add', { kind, template: id })
  return id
}

function checkKeywords({ kind, keywords, scene }: NewTemplate): void {
  if (keywords.length === 0)
    throw new ApiError('badParameter', {
      zh: '没有选择关键词，请至少选择一个',
      en: 'no keywords are chosen: choose at least one',
    })
  if (kind === 'template') return
  if (keywords.length < 2 || keywords.length > 5)
    throw new ApiError('badParameter', {
      zh: '订阅通知的关键词应为 2 到 5 个',
      en: 'a subscription notice takes two to five keywords',
    })
  const length = [...scene].length
  if (length === 0 || length > sceneAtMost)
    throw new ApiError('badParameter', {
      zh: `场景说明应为 1 到 ${sceneAtMost} 个字`,
      en: `the purpose takes 1 to ${sceneAtMost} characters`,
    })
}

/** Deletes a template at WeChat too. Throws 1000 while the message centre uses it. */
export async function removeFromAccount(
  ctx: Core,
  actor: string,
  account: Account,
  id: string,
): Promise<void> {
  const { kind, title } = await templateOf(ctx, account, id)
  checkAbility(account, abilityOf[kind])
  if ((await store.findMapping(ctx.db, account))?.templateId === id)
    throw new ApiError('badParameter', {
      zh: told`消息中心正在使用模板“${title}”，没有删除；请先更换或取消`,
      en: told`the message centre uses the template “${title}”, and it was not removed: choose another one or none there first`,
    })
  await explained(deleteTemplate(account.client, kind, id))
  await pullTemplates(ctx, account)
  await note(ctx, actor, account, 'remove', { kind, template: id, title })
}

async function note(
  ctx: Core,
  actor: string,
  { corpId, originalId }: Account,
  verb: 'add' | 'remove',
  detail: Detail,
): Promise<void> {
  const act = `official.template.${verb}` as const
  await record(ctx.db, ctx, { corpId, actor, act, target: originalId, detail })
}

export type BlockedMessage = { id: string; openid: string; content: string; sentAt: Date }

const blockedAtOnce = 100
const blockedAtMost = 1000

/** What WeChat held back of a template's messages, as far as it still tells; the newest first. */
export async function blockedOf(ctx: Core, account: Account, templateId: string): Promise<BlockedMessage[]> {
  await templateOf(ctx, account, templateId, 'template')
  checkAbility(account, 'template')
  const found: BlockedMessage[] = []
  while (found.length < blockedAtMost) {
    const after = found.at(-1)?.id ?? '0'
    const page = await explained(getBlocked(account.client, templateId, after, blockedAtOnce))
    found.push(...page)
    if (page.length < blockedAtOnce) break
  }
  return found.reverse()
}
