import type { NewRule } from '../../server/features/official/replies/account-rules.ts'
import { addRules, removeRule } from '../../server/features/official/replies/edit.ts'
import { newRule, say } from '../../server/features/official/replies/replies.fixture.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

/** What automatic replies of an official account are refused for. */

const originalId = 'gh_bound'
const by = () => ({
  actor: 'test',
  account: here.world.ctx.accounts.get(here.world.corpId, originalId),
})

function rule(given: Partial<NewRule>, ...words: string[]): Attempt[] {
  const made = newRule({ name: '规则', words: ['价格'], contents: say('一百'), ...given })
  return [
    feature(() => addRules(here.world.ctx, by(), [made])),
    page('/web/official/replies/rules/save', () => ({ originalId, rule: made })),
    command('official', 'rule', 'add', '--account', originalId, ...words),
  ]
}

const reply = ['--reply-text', '一百']
const long = '汉'.repeat(683)

const refused: Rule[] = [
  ['a name of blanks', '1001', /name/, rule({ name: ' ' }, '--name', ' ', '--keywords', '价格', ...reply)],
  ['no keywords', '1001', /words/, rule({ words: [] }, '--name', 'x', ...reply)],
  ['no reply', '1000', /没有回复内容/, rule({ contents: [] }, '--keywords', '价格')],
  [
    'a text of 2,049 bytes',
    '1000',
    /2048 字节/,
    rule({ contents: say(long) }, '--keywords', '价格', '--reply-text', long),
  ],
  [
    'an expression that is not one',
    '1000',
    /正则表达式无效/,
    rule({ match: 'regex', words: ['('] }, '--match', 'regex', '--keywords', '(', ...reply),
  ],
  [
    'a type that nobody sends',
    '1000',
    /没有消息类型 fax/,
    rule({ kind: 'type', words: ['fax'] }, '--type', 'type', '--keywords', 'fax', ...reply),
  ],
  [
    'a flow that does not exist',
    '1000',
    /没有流程 4711/,
    rule({ flowId: 4711 }, '--keywords', '价格', '--flow', '4711'),
  ],
  [
    'to be removed without being there',
    '1000',
    /没有规则 4711/,
    [
      feature(() => removeRule(here.world.ctx, by(), 4711)),
      page('/web/official/replies/rules/remove', () => ({ originalId, id: 4711 })),
      command('official', 'rule', 'remove', '4711', '--account', originalId),
    ],
  ],
]

export const everywhere: [of: string, rules: Rule[]][] = [['an automatic reply', refused]]
