import { describe, expect, it } from 'vitest'
import { readFlow } from '../../auto-replies/flows/flow.ts'
import { readRule } from '../../auto-replies/rule.ts'
import { accountKind, type NewFlow, type NewRule } from './account-rules.ts'
import { answerOf, type Content } from './content.ts'
import { messageTypes } from './incoming.ts'
import { newRule, say } from './replies.fixture.ts'

const reasonOf = (read: () => unknown): string => {
  try {
    read()
    return 'taken'
  } catch (error) {
    return (error as Error).message
  }
}
const texts = (count: number) => Array.from({ length: count }, () => say('x')).flat()

describe('a rule of an account', () => {
  const news = { type: 'news', title: 't', description: '', picUrl: '', url: 'https://a.example' } as const
  it.each<[string, Partial<NewRule>, string]>([
    ['with an empty text', { contents: say(' \n') }, '参数为空: contents[0].content'],
    ['with 683 characters of three bytes', { contents: say('汉'.repeat(683)) }, '2048 字节'],
    ['with 2,048 bytes', { contents: say('x'.repeat(2048)) }, 'taken'],
    ['with a strange media_id', { contents: [{ type: 'image', mediaId: '../x' }] }, 'media_id'],
    ['with a link that runs script', { contents: [{ ...news, url: 'javascript:alert(1)' }] }, 'http'],
    [
      'with a long link',
      { contents: [{ ...news, url: `https://a.example/${'x'.repeat(1024)}` }] },
      '1024 字节',
    ],
    ['with news without a title', { contents: [{ ...news, title: '' }] }, '参数为空: contents[0].title'],
    ['with seven messages', { contents: texts(7) }, '最多允许 6 条'],
    ['with five messages after a subscription', { kind: 'subscribe', contents: texts(5) }, '最多允许 4 条'],
    ['handing over twice', { contents: [{ type: 'person' }, { type: 'person' }] }, '转人工只能出现一次'],
    ['with a long key', { kind: 'menu', words: ['键'.repeat(43)] }, '128 字节'],
    ['for all types', { kind: 'type', words: [...messageTypes] }, 'taken'],
  ])('%s: %s', (_what, given, why) => {
    const rule = newRule({ words: ['a'], contents: say('x'), name: 'n', ...given })
    expect(reasonOf(() => readRule(accountKind, rule))).toContain(why)
  })
})

describe('a flow of an account', () => {
  const asking: NewFlow['steps'] = [
    { id: 'a', contents: say('?'), next: { type: 'wait', branches: [], otherwise: 'end' } },
  ]
  const flow = (given: Partial<NewFlow>): NewFlow => ({
    name: 'f',
    steps: asking,
    minutes: 30,
    timeoutText: '',
    enabled: true,
    ...given,
  })

  it('may not say more at once than WeChat takes', () => {
    const saying = (count: number) =>
      flow({
        steps: [
          { id: 'a', contents: texts(count), next: { type: 'go', to: 'b' } },
          { id: 'b', contents: [...texts(3), { type: 'person' }], next: { type: 'end' } },
        ],
      })
    expect(reasonOf(() => readFlow(accountKind, saying(4)))).toContain('一次会发 7 条，微信最多允许 6 条')
    expect(reasonOf(() => readFlow(accountKind, saying(3)))).toBe('taken')
  })

  it.each<[string, Partial<NewFlow>, string]>([
    ['of 2,049 bytes', { timeoutText: 'x'.repeat(2049) }, '2048 字节'],
    ['of blanks', { timeoutText: ' \n' }, '参数为空: timeoutText'],
    ['that would come after 48 hours', { timeoutText: 'x', minutes: 2821 }, '最多等待 2820 分钟'],
    ['that just comes in time', { timeoutText: 'x', minutes: 2820 }, 'taken'],
  ])('with a text for the time-out %s: %s', (_what, given, why) => {
    expect(reasonOf(() => readFlow(accountKind, flow(given)))).toContain(why)
  })
})

describe('what is answered', () => {
  const [first, second] = ['一', '二'].flatMap(say) as [Content, Content]
  const transfer = { type: 'transfer' } as const

  it.each<[string, Content[], object | undefined]>([
    ['nothing', [], undefined],
    ['the first passively', [first, second], { passive: first, later: [second], by: 'R' }],
    ['a transfer passively', [first, transfer], { passive: transfer, later: [first], by: 'R' }],
    ['a person alone', [{ type: 'person' }], { passive: null, later: [], by: 'R', person: true }],
  ])('is %s', (_what, contents, wanted) => {
    expect(answerOf({ contents, by: 'R' })).toEqual(wanted)
  })
})
