import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
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

const account = requiredText('--account <originalId>', '公众号的原始 ID，gh_ 开头')

const about = ({ accounts }: Needs, { account }: { account: string }) => accounts.find(account)?.corpId

function accountOf(ctx: Needs, originalId: string) {
  const found = ctx.accounts.find(originalId)
  if (!found) throw unknownAccount(originalId)
  return found
}

const add = command({
  path: 'official rule add',
  point: 'official:content',
  summary: '添加自动回复规则；一秒内在所有节点生效',
  details:
    '关键词用逗号分隔；正则表达式（--match regex）整个作为一个。--type menu 时是菜单的 key，--type type 时是消息类型。',
  parts: {
    account,
    type: choice('--type <kind>', '回复什么，默认 keyword', accountKind.ruleKinds),
    match: choice('--match <way>', '关键词怎样匹配，默认 exact', matches),
    keywords: text('--keywords <list>', '关键词、菜单 key 或消息类型'),
    name: text('--name <text>', '规则名称，默认取第一个关键词'),
    replyText: text('--reply-text <text>', '回复文字'),
    replyImage: text('--reply-image <mediaId>', '回复图片: 永久素材的 media_id'),
    replyVoice: text('--reply-voice <mediaId>', '回复语音: 永久素材的 media_id'),
    replyNews: text('--reply-news <title>', '回复图文: 标题'),
    newsUrl: text('--news-url <url>', '图文的链接'),
    newsText: text('--news-text <text>', '图文的描述'),
    newsPicture: text('--news-picture <url>', '图文的封面地址'),
    transfer: toggle('--transfer', '转微信客服'),
    person: toggle('--person', '转会话中的人工'),
    flow: integer('--flow <id>', '回复后进入的流程', anyId),
    priority: integerOr(priorityByDefault, '--priority <n>', '优先级，大的在前', { min: 0, max: 1000 }),
    disabled: toggle('--disabled', '先不启用'),
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
    return { data: { id, originalId: account, name }, text: `已添加规则 ${id}: ${name}` }
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
  summary: '按询问的先后列出自动回复规则，以及其中的冲突',
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
  summary: '删除自动回复规则',
  parts: { id: requiredInteger('<id>', '规则', anyId), account },
  about,
  async run(ctx: Needs, { id, account }) {
    await removeRule(ctx, { actor, account: accountOf(ctx, account) }, id)
    return { data: { id }, text: `已删除规则 ${id}` }
  },
})

export const officialRuleCommands = [add, list, remove]
