import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import {
  anyId,
  choice,
  integer,
  integerOr,
  requiredInteger,
  text,
  toggle,
} from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { addRules, removeRule } from '../../auto-replies/edit.ts'
import { matches } from '../../auto-replies/match.ts'
import { priorityByDefault } from '../../auto-replies/rule.ts'
import { agains } from '../../auto-replies/rule-kinds.ts'
import { keywordsIn, rulesShown } from '../../auto-replies/rules-shown.ts'
import { rulesOf } from '../../auto-replies/store.ts'
import { agentOf, ownerOf } from '../agent.ts'
import { agentKind } from '../replies/agent-rules.ts'
import type { Content } from '../replies/content.ts'

type Needs = Core & { corps: Corps }

const agent = requiredInteger('--agent <agentId>', '企业微信自建应用的 AgentId', agentIds)

const add = command({
  path: 'agent rule add',
  point: 'agent:content',
  summary: '添加应用的自动回复规则；一秒内在所有节点生效',
  details:
    '关键词用逗号分隔；正则表达式（--match regex）整个作为一个。--type enter 是进入应用时的欢迎语，--type menu 时关键词是菜单的 key，--type type 时是消息类型。图片、语音、视频请在控制台添加。',
  parts: {
    agent,
    corp: corpPart,
    type: choice('--type <kind>', '回复什么，默认 keyword', agentKind.ruleKinds),
    match: choice('--match <way>', '关键词怎样匹配，默认 exact', matches),
    keywords: text('--keywords <list>', '关键词、菜单 key 或消息类型'),
    again: choice('--again <when>', '欢迎语何时再发给同一个人，默认 day', agains),
    name: text('--name <text>', '规则名称，默认取第一个关键词'),
    replyText: text('--reply-text <text>', '回复文字'),
    replyMarkdown: text('--reply-markdown <text>', '回复 Markdown'),
    replyNews: text('--reply-news <title>', '回复图文: 标题'),
    newsUrl: text('--news-url <url>', '图文的链接'),
    newsText: text('--news-text <text>', '图文的描述'),
    newsPicture: text('--news-picture <url>', '图文的封面地址'),
    flow: integer('--flow <id>', '回复后进入的流程', anyId),
    priority: integerOr(priorityByDefault, '--priority <n>', '优先级，大的在前', { min: 0, max: 1000 }),
    disabled: toggle('--disabled', '先不启用'),
  },
  async run(ctx: Needs, { agent, corp, type, match = 'exact', keywords = '', again, ...given }) {
    const kind = type ?? 'keyword'
    const words = keywordsIn(match, keywords)
    const name = given.name ?? words[0]?.slice(0, 64) ?? kind
    const owner = ownerOf(agentOf(ctx, corpOf(ctx, corp), agent))
    const [id] = await addRules(ctx, { actor, kind: agentKind, owner }, [
      {
        name,
        kind,
        match,
        words,
        priority: given.priority,
        ...(again ? { again } : {}),
        contents: contentsOf(given),
        pick: 'all',
        flowId: given.flow ?? null,
        hours: null,
        enabled: !given.disabled,
      },
    ])
    return { data: { id, agentId: agent, name }, text: `已添加规则 ${id}: ${name}` }
  },
})

type RuleOptions = Record<
  'replyText' | 'replyMarkdown' | 'replyNews' | 'newsUrl' | 'newsText' | 'newsPicture',
  string | undefined
>

function contentsOf(given: RuleOptions): Content[] {
  const { replyText, replyMarkdown, replyNews: title, newsUrl: url = '' } = given
  const { newsText: description = '', newsPicture: picUrl = '' } = given
  const contents: Content[] = []
  if (replyText !== undefined) contents.push({ type: 'text', content: replyText })
  if (title !== undefined)
    contents.push({ type: 'articles', articles: [{ title, description, picUrl, url }] })
  if (replyMarkdown !== undefined) contents.push({ type: 'markdown', content: replyMarkdown })
  return contents
}

const list = command({
  path: 'agent rule list',
  point: 'agent:read',
  summary: '按询问的先后列出应用的自动回复规则，以及其中的冲突',
  parts: { agent, corp: corpPart },
  async run(ctx: Needs, { agent, corp }) {
    const owner = ownerOf(agentOf(ctx, corpOf(ctx, corp), agent))
    const { rules, conflicts, text } = rulesShown(await rulesOf<Content>(ctx.db, owner))
    const shown = rules.map(({ ownerId: _owner, corpId, ...rule }) => ({ corpId, agentId: agent, ...rule }))
    return { data: { rules: shown, conflicts }, text }
  },
})

const remove = command({
  path: 'agent rule remove',
  point: 'agent:content',
  summary: '删除应用的自动回复规则',
  parts: { id: requiredInteger('<id>', '规则', anyId), agent, corp: corpPart },
  async run(ctx: Needs, { id, agent, corp }) {
    const owner = ownerOf(agentOf(ctx, corpOf(ctx, corp), agent))
    await removeRule(ctx, { actor, kind: agentKind, owner }, id)
    return { data: { id }, text: `已删除规则 ${id}` }
  },
})

export const agentRuleCommands = [add, list, remove]
