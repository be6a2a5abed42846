import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBook } from './book.ts'
import { conflictsOf } from './conflicts.ts'
import { type NewFlow, readFlow } from './flows/flow.ts'
import { type Hours, holdsAt } from './hours.ts'
import type { IncomingEvent } from './match.ts'
import { type NewRule, type Rule, readRule } from './rule.ts'
import { ruleKinds } from './rule-kinds.ts'
import { newRuleOf, textOwners } from './rules.fixture.ts'
import { simulate, whyNot } from './simulate.ts'

const noon = new Date('2026-11-26T12:00+08:00')
const text = (content: string): IncomingEvent => ({ kind: 'message', type: 'text', text: content })
const numbered = (rules: Partial<NewRule<string>>[]): Rule<string>[] =>
  rules.map((rule, index) => ({
    ...newRuleOf({ contents: ['x'], name: `R${index + 1}`, ...rule }),
    id: index + 1,
  }))
const reasonOf = (read: () => unknown): string => {
  try {
    read()
    return 'taken'
  } catch (error) {
    return (error as Error).message
  }
}

describe('which rule answers', () => {
  const word = fc.constantFrom('a', 'b', 'ab', 'ba', 'abc', 'Ａ', ' B ', '发票')
  const hours = fc.constantFrom<Hours | null>(
    null,
    { days: [4], from: '11:00', to: '13:00' },
    { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' },
  )
  const rule = fc.record({
    kind: fc.constantFrom(...ruleKinds),
    match: fc.constantFrom('exact' as const, 'contains' as const, 'regex' as const),
    words: fc.array(word, { minLength: 1, maxLength: 3 }),
    priority: fc.constantFrom(1, 100, 500),
    hours,
    enabled: fc.boolean(),
  })
  const incoming: fc.Arbitrary<IncomingEvent> = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 3 }).map(parts => text(parts.join(''))),
    fc.constantFrom<IncomingEvent>(
      { kind: 'subscribe' },
      { kind: 'other' },
      { kind: 'menu', key: 'a' },
      { kind: 'message', type: 'image', text: '' },
    ),
  )

  it('is the first in order that nothing speaks against, as the simulator says', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), incoming, (given, event) => {
        const rules = numbered(
          given.map(one => (one.kind === 'type' ? { ...one, words: [...one.words, 'image'] } : one)),
        )
        const book = createBook(rules, [])
        const first = book.rules.find(one => whyNot(one, event, noon) === undefined)
        expect(book.find(event, noon)).toBe(first)
        const { verdicts, decision } = simulate(textOwners, book, event, undefined, noon)
        expect(decision.rule).toBe(first)
        expect(verdicts.filter(one => one.answers).map(one => one.rule)).toEqual(first ? [first] : [])
        expect(verdicts).toHaveLength(rules.length)
      }),
      { numRuns: 500 },
    )
  })

  it('hangs on priority, then on closeness, then on age', () => {
    const rules = numbered([
      { match: 'regex', words: ['发.'] },
      { match: 'contains', words: ['发票'] },
      { match: 'exact', words: ['发票'] },
      { match: 'exact', words: ['发票'] },
      { match: 'contains', words: ['票'], priority: 200 },
      { match: 'exact', words: ['发票'], priority: 300, enabled: false },
      { kind: 'default' },
    ])
    const names = []
    for (let left = rules; left.length > 0; ) {
      const { rule: found } = simulate(
        textOwners,
        createBook(left, []),
        text('发票'),
        undefined,
        noon,
      ).decision
      if (!found) break
      names.push(found.name)
      left = left.filter(one => one !== found)
    }
    expect(names).toEqual(['R5', 'R3', 'R4', 'R2', 'R1', 'R7'])
    const { verdicts } = simulate(textOwners, createBook(rules, []), text('发票'), undefined, noon)
    const why = Object.fromEntries(verdicts.map(one => [one.rule.name, one.why.zh]))
    expect(why).toEqual({
      R1: '符合，但“R5”的优先级更高（200 > 100）',
      R2: '符合，但“R5”的优先级更高（200 > 100）',
      R3: '符合，但“R5”的优先级更高（200 > 100）',
      R4: '符合，但“R5”的优先级更高（200 > 100）',
      R5: '文字符合关键词',
      R6: '已停用',
      R7: '符合，但“R5”属于更先的种类',
    })
  })

  it('of one by chance says one of them', () => {
    const contents = ['一', '二', '三']
    const book = createBook(numbered([{ words: ['a'], contents, pick: 'one' }]), [])
    const said = Array.from({ length: 60 }, () => book.decide(text('a'), undefined, noon).contents)
    expect(new Set(said.flat())).toEqual(new Set(contents))
    expect(said.every(one => one.length === 1)).toBe(true)
  })
})

it.each<[string, string, boolean]>([
  ['2026-11-27T23:30', '22:00-06:00 on Friday', true],
  ['2026-11-28T05:59', '22:00-06:00 on Friday', true],
  ['2026-11-28T06:00', '22:00-06:00 on Friday', false],
  ['2026-11-27T05:59', '22:00-06:00 on Friday', false],
])('%s in China is within %s: %s', (at, _hours, holds) => {
  expect(holdsAt({ days: [5], from: '22:00', to: '06:00' }, new Date(`${at}+08:00`))).toBe(holds)
})

describe('conflicts', () => {
  const told = (rules: Partial<NewRule<string>>[]) =>
    conflictsOf(createBook(numbered(rules), []).rules).map(one => one.why.zh)

  it.each<[string, Partial<NewRule<string>>[], string[]]>([
    ['the same keyword', [{ words: ['Ａ'] }, { words: ['a'] }], ['关键词“a”与“R1”相同，由后者回复']],
    [
      'a part that is asked before',
      [{ words: ['查发票'] }, { match: 'contains', words: ['发票'], priority: 200 }],
      ['“查发票”包含“R2”的关键词“发票”，由后者回复'],
    ],
    ['a part that is asked after', [{ words: ['查发票'] }, { match: 'contains', words: ['发票'] }], []],
    [
      'the same expression',
      [
        { match: 'regex', words: ['a+'] },
        { match: 'regex', words: ['a+'] },
      ],
      ['正则表达式“a+”与“R1”相同，由后者回复'],
    ],
    [
      'an expression that fits a keyword',
      [{ match: 'regex', words: ['^\\d+$'], priority: 200 }, { words: ['123'] }],
      ['“123”符合“R1”的正则表达式“^\\d+$”，由后者回复'],
    ],
    ['two defaults', [{ kind: 'default' }, { kind: 'default' }], ['已由“R1”回复，这条规则不会生效']],
    [
      'the same key',
      [
        { kind: 'menu', words: ['K'] },
        { kind: 'menu', words: ['K'] },
      ],
      ['“K”已由“R1”回复，这条规则不会生效'],
    ],
    ['a disabled rule', [{ words: ['a'], enabled: false }, { words: ['a'] }], []],
    [
      'one that holds at some hours only',
      [{ words: ['a'], hours: { days: [1], from: '09:00', to: '18:00' } }, { words: ['a'] }],
      [],
    ],
  ])('%s', (_what, rules, wanted) => {
    expect(told(rules)).toEqual(wanted)
  })

  it('of many rules are found quickly', () => {
    const rules = numbered(
      Array.from({ length: 2000 }, (_, n) => ({
        match: n % 2 ? ('contains' as const) : ('exact' as const),
        words: Array.from({ length: 5 }, (_, m) => `第${n}条规则的关键词${m}`),
      })),
    )
    const started = performance.now()
    expect(conflictsOf(createBook(rules, []).rules)).toEqual([])
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('a rule is refused', () => {
  it.each<[string, Partial<NewRule<string>>, string]>([
    ['without a name', { name: ' ' }, '参数为空: name'],
    ['without keywords', { words: [] }, '参数为空: words'],
    ['with a blank keyword', { words: ['　'] }, '参数为空: words'],
    ['with a long keyword', { words: ['x'.repeat(61)] }, '最长 60'],
    ['with 51 keywords', { words: Array.from({ length: 51 }, (_, n) => `w${n}`) }, '最多 50 个'],
    ['with half an expression', { match: 'regex', words: ['('] }, '正则表达式无效'],
    ['with look-around', { match: 'regex', words: ['(?=a)b'] }, '正则表达式无效'],
    ['with a back reference', { match: 'regex', words: ['(a)\\1'] }, '正则表达式无效'],
    ['with an expression that would grow', { match: 'regex', words: ['((a{30}){30}){2}'] }, '正则表达式'],
    ['without contents', { contents: [] }, '没有回复内容'],
    ['with what its owner cannot answer', { contents: ['bad'] }, 'contents after a message'],
    ['or not after an event', { kind: 'subscribe', contents: ['bad'] }, 'contents after a event'],
    ['for a type that nobody sends', { kind: 'type', words: ['fax'] }, '没有消息类型 fax'],
    ['with a long key', { kind: 'menu', words: ['键'.repeat(5)] }, '12 字节'],
    ['on no day', { hours: { days: [], from: '09:00', to: '18:00' } }, 'hours.days'],
    ['for no time', { hours: { days: [1], from: '09:00', to: '09:00' } }, '开始与结束相同'],
  ])('%s', (_what, given, why) => {
    const rule = newRuleOf({ words: ['a'], contents: ['x'], name: 'n', ...given })
    expect(reasonOf(() => readRule(textOwners, rule))).toContain(why)
  })

  it.each<[string, Partial<NewRule<string>>]>([
    ['emoji', { words: ['😀'] }],
    ['every type of message', { kind: 'type', words: ['text', 'image'] }],
  ])('but taken with %s', (_what, given) => {
    const rule = newRuleOf({ contents: ['x'], name: 'n', ...given })
    expect(reasonOf(() => readRule(textOwners, rule))).toBe('taken')
  })
})

describe('a flow is refused', () => {
  type Step = NewFlow<string>['steps'][number]
  const wait = (id: string, otherwise: string, branches: [string, string[], string][] = []): Step => ({
    id,
    contents: [id],
    next: {
      type: 'wait',
      branches: branches.map(([match, words, to]) => ({ match: match as 'exact', words, to })),
      otherwise,
    },
  })
  const go = (id: string, to: string, contents = [id]): Step => ({
    id,
    contents,
    next: { type: 'go', to },
  })
  const end = (id: string): Step => ({ id, contents: [id], next: { type: 'end' } })
  const flow = (steps: Step[]) => ({ name: 'f', steps, minutes: 30, timeoutText: '', enabled: true })

  it.each<[string, Step[], string]>([
    ['with two steps of one id', [end('a'), end('a')], '重复'],
    ['that leads to no step', [go('a', 'b')], '不存在的步骤 b'],
    ['that goes round without waiting', [go('a', 'b'), go('b', 'a')], '循环'],
    ['that never ends', [wait('a', 'b'), wait('b', 'a')], '没有结束'],
    ['with a step that nothing leads to', [end('a'), end('b')], '步骤 b 永远不会到达'],
    ['that waits without asking', [{ ...wait('a', 'end'), contents: [] }], '没有提问'],
    ['with a step called end', [end('end')], '不能叫 end'],
    [
      'with two branches for one word',
      [
        wait('a', 'end', [
          ['exact', ['是'], 'end'],
          ['exact', ['是'], 'a'],
        ]),
      ],
      '分支冲突',
    ],
    [
      'with a branch that hides the next',
      [
        wait('a', 'end', [
          ['contains', ['是'], 'end'],
          ['exact', ['是的'], 'a'],
        ]),
      ],
      '分支冲突',
    ],
    [
      'with an expression that hides the next',
      [
        wait('a', 'end', [
          ['regex', ['^\\d$'], 'end'],
          ['exact', ['1'], 'a'],
        ]),
      ],
      '分支冲突',
    ],
    ['with a bad expression', [wait('a', 'end', [['regex', ['('], 'end']])], '正则表达式无效'],
    ['with a branch without words', [wait('a', 'end', [['exact', [], 'end']])], '参数为空'],
    [
      'with what its owner cannot say',
      [{ ...end('a'), contents: ['bad'] }],
      'steps[a].contents after a message',
    ],
    [
      'that says too much at once',
      [go('a', 'b', ['x', 'x']), { ...end('b'), contents: ['x', 'x'] }],
      '4 texts from a on',
    ],
  ])('%s', (_what, steps, why) => {
    expect(reasonOf(() => readFlow(textOwners, flow(steps)))).toContain(why)
  })

  it.each<[string, Partial<NewFlow>, string]>([
    ['with a text', { timeoutText: 'x', minutes: 61 }, 'x after 61 minutes'],
    ['with a text in time', { timeoutText: 'x', minutes: 60 }, 'taken'],
    ['without a text', { minutes: 61 }, 'taken'],
  ])('for its time-out as its owner says: %s', (_what, given, why) => {
    expect(reasonOf(() => readFlow(textOwners, { ...flow([wait('a', 'end')]), ...given }))).toContain(why)
  })

  it('but taken when it goes round and waits', () => {
    expect(
      reasonOf(() =>
        readFlow(
          textOwners,
          flow([wait('a', 'again', [['exact', ['好'], 'b']]), wait('b', 'end', [['exact', ['改'], 'a']])]),
        ),
      ),
    ).toBe('taken')
  })
})
