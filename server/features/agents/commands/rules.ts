import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
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

const agent = requiredInteger(
  '--agent <agentId>',
  { zh: '企业微信自建应用的 AgentId', en: 'AgentId of the WeCom app' },
  agentIds,
)

const add = command({
  path: 'agent rule add',
  point: 'agent:content',
  summary: {
    zh: '添加应用的自动回复规则；一秒内在所有节点生效',
    en: 'Add a rule of automatic replies to a WeCom app; all nodes follow it within a second',
  },
  details: {
    zh: '关键词用逗号分隔；正则表达式（--match regex）整个作为一个。--type enter 是进入应用时的欢迎语，--type menu 时关键词是菜单的 key，--type type 时是消息类型。图片、语音、视频请在控制台添加。',
    en: 'Keywords are separated by commas; a regular expression (--match regex) is taken whole. --type enter welcomes those who open the app; keywords of --type menu are keys of the menu, those of --type type are message types. Pictures, voice and video are added in the console.',
  },
  parts: {
    agent,
    corp: corpPart,
    type: choice(
      '--type <kind>',
      { zh: '回复什么，默认 keyword', en: 'what it replies to, keyword by default' },
      agentKind.ruleKinds,
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
    again: choice(
      '--again <when>',
      {
        zh: '欢迎语何时再发给同一个人，默认 day',
        en: 'when the same person is welcomed again, day by default',
      },
      agains,
    ),
    name: text('--name <text>', {
      zh: '规则名称，默认取第一个关键词',
      en: 'name of the rule, by default its first keyword',
    }),
    replyText: text('--reply-text <text>', { zh: '回复文字', en: 'reply with text' }),
    replyMarkdown: text('--reply-markdown <text>', { zh: '回复 Markdown', en: 'reply with Markdown' }),
    replyNews: text('--reply-news <title>', { zh: '回复图文: 标题', en: 'reply with an article: its title' }),
    newsUrl: text('--news-url <url>', { zh: '图文的链接', en: 'link of the article' }),
    newsText: text('--news-text <text>', { zh: '图文的描述', en: 'description of the article' }),
    newsPicture: text('--news-picture <url>', {
      zh: '图文的封面地址',
      en: 'address of the cover of the article',
    }),
    flow: integer('--flow <id>', { zh: '回复后进入的流程', en: 'flow that begins after the reply' }, anyId),
    priority: integerOr(
      priorityByDefault,
      '--priority <n>',
      { zh: '优先级，大的在前', en: 'priority, the highest first' },
      { min: 0, max: 1000 },
    ),
    disabled: toggle('--disabled', { zh: '先不启用', en: 'leave it disabled for now' }),
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
    return {
      data: { id, agentId: agent, name },
      text: said({ zh: `已添加规则 ${id}: ${name}`, en: `added the rule ${id}: ${name}` }),
    }
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
  summary: {
    zh: '按询问的先后列出应用的自动回复规则，以及其中的冲突',
    en: 'List the rules of automatic replies of a WeCom app in the order in which they are asked, and their conflicts',
  },
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
  summary: { zh: '删除应用的自动回复规则', en: 'Delete a rule of automatic replies of a WeCom app' },
  parts: { id: requiredInteger('<id>', { zh: '规则', en: 'ID of the rule' }, anyId), agent, corp: corpPart },
  async run(ctx: Needs, { id, agent, corp }) {
    const owner = ownerOf(agentOf(ctx, corpOf(ctx, corp), agent))
    await removeRule(ctx, { actor, kind: agentKind, owner }, id)
    return { data: { id }, text: said({ zh: `已删除规则 ${id}`, en: `deleted the rule ${id}` }) }
  },
})

export const agentRuleCommands = [add, list, remove]
