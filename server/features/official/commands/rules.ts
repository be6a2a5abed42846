import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import {
  anyId,
  choice,
  integer,
  integerOr,
  requiredInteger,
  requiredText,
  text,
  toggle,
} from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { matches } from '../../auto-replies/match.ts'
import { priorityByDefault } from '../../auto-replies/rule.ts'
import { keywordsIn, rulesShown } from '../../auto-replies/rules-shown.ts'
import { rulesOf } from '../../auto-replies/store.ts'
import { type Accounts, unknownAccount } from '../accounts/accounts.ts'
import { accountKind, ownerOf } from '../replies/account-rules.ts'
import type { Content } from '../replies/content.ts'
import { addRules, removeRule } from '../replies/edit.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers }

const account = requiredText('--account <originalId>', {
  zh: '公众号的原始 ID，gh_ 开头',
  en: 'original ID of the official account, begins with gh_',
})

const about = ({ accounts }: Needs, { account }: { account: string }) => accounts.find(account)?.corpId

function accountOf(ctx: Needs, originalId: string) {
  const found = ctx.accounts.find(originalId)
  if (!found) throw unknownAccount(originalId)
  return found
}

const add = command({
  path: 'official rule add',
  point: 'official:content',
  summary: {
    zh: '添加自动回复规则；一秒内在所有节点生效',
    en: 'Add a rule of automatic replies; all nodes follow it within a second',
  },
  details: {
    zh: '关键词用逗号分隔；正则表达式（--match regex）整个作为一个。--type menu 时是菜单的 key，--type type 时是消息类型。',
    en: 'Keywords are separated by commas; a regular expression (--match regex) is taken whole. Keywords of --type menu are keys of the menu, those of --type type are message types.',
  },
  parts: {
    account,
    type: choice(
      '--type <kind>',
      { zh: '回复什么，默认 keyword', en: 'what it replies to, keyword by default' },
      accountKind.ruleKinds,
    ),
    match: choice(
      '--match <way>',
      { zh: '关键词怎样匹配，默认 exact', en: 'how keywords match, exact by default' },
      matches,
    ),
    keywords: text('--keywords <list>', {
      zh: '关键词、菜单 key 或消息类型',
      en: 'keywords, keys of the menu or message types',
    }),
    name: text('--name <text>', {
      zh: '规则名称，默认取第一个关键词',
      en: 'name of the rule, by default its first keyword',
    }),
    replyText: text('--reply-text <text>', { zh: '回复文字', en: 'reply with text' }),
    replyImage: text('--reply-image <mediaId>', {
      zh: '回复图片: 永久素材的 media_id',
      en: 'reply with a picture: media_id of permanent material',
    }),
    replyVoice: text('--reply-voice <mediaId>', {
      zh: '回复语音: 永久素材的 media_id',
      en: 'reply with voice: media_id of permanent material',
    }),
    replyNews: text('--reply-news <title>', { zh: '回复图文: 标题', en: 'reply with an article: its title' }),
    newsUrl: text('--news-url <url>', { zh: '图文的链接', en: 'link of the article' }),
    newsText: text('--news-text <text>', { zh: '图文的描述', en: 'description of the article' }),
    newsPicture: text('--news-picture <url>', {
      zh: '图文的封面地址',
      en: 'address of the cover of the article',
    }),
    transfer: toggle('--transfer', { zh: '转微信客服', en: 'pass on to the customer service of WeChat' }),
    person: toggle('--person', { zh: '转会话中的人工', en: 'pass on to a person in Conversations' }),
    flow: integer('--flow <id>', { zh: '回复后进入的流程', en: 'flow that begins after the reply' }, anyId),
    priority: integerOr(
      priorityByDefault,
      '--priority <n>',
      { zh: '优先级，大的在前', en: 'priority, the highest first' },
      { min: 0, max: 1000 },
    ),
    disabled: toggle('--disabled', { zh: '先不启用', en: 'leave it disabled for now' }),
  },
  about,
  async run(ctx: Needs, { account, type, match = 'exact', keywords = '', ...given }) {
    const kind = type ?? 'keyword'
    const words = keywordsIn(match, keywords)
    const name = given.name ?? words[0]?.slice(0, 64) ?? kind
    const [id] = await addRules(ctx, { actor, account: accountOf(ctx, account) }, [
      {
        name,
        kind,
        match,
        words,
        priority: given.priority,
        contents: contentsOf(given),
        pick: 'all',
        flowId: given.flow ?? null,
        hours: null,
        enabled: !given.disabled,
      },
    ])
    return {
      data: { id, originalId: account, name },
      text: said({ zh: `已添加规则 ${id}: ${name}`, en: `added the rule ${id}: ${name}` }),
    }
  },
})

type RuleOptions = Record<
  'replyText' | 'replyImage' | 'replyVoice' | 'replyNews' | 'newsUrl' | 'newsText' | 'newsPicture',
  string | undefined
> & {
  transfer: boolean
  person: boolean
}

function contentsOf(given: RuleOptions): Content[] {
  const {
    replyText,
    replyImage,
    replyVoice,
    replyNews,
    newsUrl = '',
    newsText = '',
    newsPicture = '',
  } = given
  const contents: Content[] = []
  if (replyText !== undefined) contents.push({ type: 'text', content: replyText })
  if (replyImage !== undefined) contents.push({ type: 'image', mediaId: replyImage })
  if (replyVoice !== undefined) contents.push({ type: 'voice', mediaId: replyVoice })
  if (replyNews !== undefined)
    contents.push({
      type: 'news',
      title: replyNews,
      description: newsText,
      picUrl: newsPicture,
      url: newsUrl,
    })
  if (given.transfer) contents.push({ type: 'transfer' })
  if (given.person) contents.push({ type: 'person' })
  return contents
}

const list = command({
  path: 'official rule list',
  point: 'official:read',
  summary: {
    zh: '按询问的先后列出自动回复规则，以及其中的冲突',
    en: 'List the rules of automatic replies in the order in which they are asked, and their conflicts',
  },
  parts: { account },
  about,
  async run(ctx: Needs, { account }) {
    const { rules, conflicts, text } = rulesShown(
      await rulesOf<Content>(ctx.db, ownerOf(accountOf(ctx, account))),
    )
    return {
      data: {
        rules: rules.map(({ corpId, ownerId: originalId, again: _again, ...rule }) => ({
          corpId,
          originalId,
          ...rule,
        })),
        conflicts,
      },
      text,
    }
  },
})

const remove = command({
  path: 'official rule remove',
  point: 'official:content',
  summary: { zh: '删除自动回复规则', en: 'Delete a rule of automatic replies' },
  parts: { id: requiredInteger('<id>', { zh: '规则', en: 'ID of the rule' }, anyId), account },
  about,
  async run(ctx: Needs, { id, account }) {
    await removeRule(ctx, { actor, account: accountOf(ctx, account) }, id)
    return { data: { id }, text: said({ zh: `已删除规则 ${id}`, en: `deleted the rule ${id}` }) }
  },
})

export const officialRuleCommands = [add, list, remove]
