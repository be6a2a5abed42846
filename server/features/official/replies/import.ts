import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Words } from '../../../platform/words.ts'
import {
  currentAutoReplies,
  type SiteReplies,
  type SiteReply,
} from '../../../upstream/official/calls/auto-reply.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { normalize } from '../../auto-replies/match.ts'
import { priorityByDefault, readRule } from '../../auto-replies/rule.ts'
import { rulesOf } from '../../auto-replies/store.ts'
import type { Account } from '../accounts/accounts.ts'
import { accountKind, type NewRule, ownerOf } from './account-rules.ts'
import type { Content } from './content.ts'
import { addRules } from './edit.ts'

/** One rule of WeChat's own site. `why` says why it cannot be taken over; `notes` say what of it is lost. */
export type Candidate = { name: string; rule: NewRule | null; why: Words | null; notes: Words[] }

/**
 * What was set up on WeChat's own site, as rules of ours. WeChat answers by it no more once the callback is switched on. Throws 1011.
 */
export async function readSite(ctx: Core, account: Account): Promise<Candidate[]> {
  const site = await currentAutoReplies(account.client).catch(error => {
    throw upstreamError(error)
  })
  const known = await rulesOf<Content>(ctx.db, ownerOf(account))
  return candidatesOf(site).map(one => checked(one, known))
}

/** Adds the rules that can be taken over and are not there yet. Returns how many. Throws 1000 and 1011. */
export async function importSite(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  by: { actor: string; account: Account },
): Promise<number> {
  const found = await readSite(ctx, by.account)
  const rules = found.flatMap(one => (one.rule && !one.why ? [one.rule] : []))
  if (rules.length > 0) await addRules(ctx, by, rules)
  return rules.length
}

export function candidatesOf(site: SiteReplies): Candidate[] {
  const { add_friend_autoreply_info: subscribe, message_default_autoreply_info: standard } = site
  const found: Candidate[] = []
  if (subscribe) found.push(single('subscribe', '被关注回复', subscribe, site.is_add_friend_reply_open !== 0))
  if (standard) found.push(single('default', '收到消息回复', standard, site.is_autoreply_open !== 0))
  const isOpen = site.is_autoreply_open !== 0
  for (const rule of site.keyword_autoreply_info?.list ?? []) found.push(...keywordRules(rule, isOpen))
  return found
}

type ImportedRule = Pick<NewRule, 'name' | 'kind'> & Partial<NewRule>

function newRule(given: ImportedRule): NewRule {
  const rest = { match: 'exact', words: [], contents: [], pick: 'all', flowId: null, hours: null } as const
  return { ...rest, words: [], contents: [], priority: priorityByDefault, enabled: true, ...given }
}

const switchedOff: Words = {
  zh: '网站上已关闭，导入后为停用',
  en: 'it is switched off on the site, and will be disabled',
}

function single(kind: 'subscribe' | 'default', name: string, reply: SiteReply, isOpen: boolean): Candidate {
  const { contents, notes, why } = contentsOf([reply])
  if (!isOpen) notes.push(switchedOff)
  if (why) return { name, rule: null, why, notes }
  return { name, rule: newRule({ name, kind, contents, enabled: isOpen }), why: null, notes }
}

type SiteRule = NonNullable<NonNullable<SiteReplies['keyword_autoreply_info']>['list']>[number]

/** Our rules compare all their keywords alike, so that one of the site may become two. */
function keywordRules(site: SiteRule, isOpen: boolean): Candidate[] {
  const { contents, notes, why } = contentsOf(site.reply_list_info)
  const title = (site.rule_name ?? '').trim().slice(0, 56)
  const words = Map.groupBy(site.keyword_list_info, one =>
    one.match_mode === 'equal' ? 'exact' : 'contains',
  )
  const both = words.size > 1
  return [...words].map(([match, list]): Candidate => {
    const keywords = list.map(one => (one.content ?? '').trim())
    const name = `${title || keywords[0]?.slice(0, 56) || '关键词'}${both ? (match === 'exact' ? '（全匹配）' : '（半匹配）') : ''}`
    const own = [...notes]
    if (both)
      own.push({
        zh: '全匹配与半匹配的关键词分成两条规则',
        en: 'its exact and its contained keywords become two rules',
      })
    if (!isOpen) own.push(switchedOff)
    if (why) return { name, rule: null, why, notes: own }
    const pick = site.reply_mode === 'random_one' ? 'one' : 'all'
    const rule = newRule({ name, kind: 'keyword', match, words: keywords, contents, pick, enabled: isOpen })
    return { name, rule, why: null, notes: own }
  })
}

function contentsOf(replies: readonly SiteReply[]): {
  contents: Content[]
  notes: Words[]
  why: Words | null
} {
  const contents: Content[] = []
  const notes: Words[] = []
  for (const reply of replies) {
    const content = contentOf(reply, notes)
    if (content) contents.push(content)
    else notes.push(lost(reply.type))
  }
  if (contents.length > 0) return { contents, notes, why: null }
  return { contents, notes: [], why: replies[0] ? lost(replies[0].type) : nothing }
}

const nothing: Words = { zh: '没有回复内容', en: 'it has no reply' }

function lost(type: string): Words {
  if (type === 'news')
    return {
      zh: '图文没有文章或链接，不能导入',
      en: 'the news have no article or no link, and cannot be taken over',
    }
  if (type === 'text')
    return { zh: '文字是空的，不能导入', en: 'the text is empty, and cannot be taken over' }
  return {
    zh: `不支持的回复类型 ${type}，不能导入`,
    en: `a reply of type ${type} cannot be taken over`,
  }
}

function contentOf({ type, content = '', news_info }: SiteReply, notes: Words[]): Content | undefined {
  if (type === 'text') return content.trim() ? { type: 'text', content } : undefined
  if (type === 'img' || type === 'voice')
    return content ? { type: type === 'img' ? 'image' : 'voice', mediaId: content } : undefined
  if (type !== 'news') return undefined
  const [article, ...rest] = news_info?.list ?? []
  if (!article?.content_url) return undefined
  if (rest.length > 0)
    notes.push({
      zh: `图文有 ${rest.length + 1} 篇，微信只允许回复一篇，导入第一篇`,
      en: `of its ${rest.length + 1} articles the first is taken over, since WeChat lets one be answered`,
    })
  const { title = '', digest: description = '', cover_url: picUrl = '', content_url: url } = article
  return { type: 'news', title: title.slice(0, 64), description: description.slice(0, 512), picUrl, url }
}

/** What our own rules say of it: a text may be too long, a keyword too. */
function checked(candidate: Candidate, known: readonly NewRule[]): Candidate {
  const { rule } = candidate
  if (!rule) return candidate
  try {
    readRule(accountKind, rule)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const why = { zh: error.reasonIn('zh'), en: error.reasonIn('en') }
    return { ...candidate, rule: null, why }
  }
  const same = known.find(one => keyOf(one) === keyOf(rule))
  if (!same) return candidate
  return {
    ...candidate,
    why: { zh: `已有相同的规则“${same.name}”`, en: `there is the same rule already, “${same.name}”` },
  }
}

function keyOf({ kind, match, words }: NewRule): string {
  return JSON.stringify([kind, match, words.map(normalize).sort()])
}
