import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../platform/http/errors.ts'
import { emailContent } from './email/content.ts'
import type { MessageInput } from './message-fields.ts'
import { wecomContent } from './wecom/content.ts'
import { wecomRequest } from './wecom/deliver.ts'
import { byteLength, cutBytes, limits } from './wecom/limits.ts'
import { wecom } from './wecom/wecom.ts'

const input = (given: Partial<MessageInput>): MessageInput => ({
  agentName: '消息中心',
  title: '标题',
  content: '内容',
  url: 'https://example.com/a',
  btntxt: undefined,
  picUrl: undefined,
  ...given,
})

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('a WeCom message', () => {
  it('is confidential where its sender wants it, and WeCom is told nothing else', () => {
    const given = { agentName: '人事', msgType: '03', content: '甲' }
    const requestOf = (safe: boolean) =>
      wecomRequest({
        userIds: ['zhangsan'],
        agentId: 1,
        content: wecom.compose({ ...given, safe }).content,
        chunk: 0,
        isChecked: false,
        key: 'm.1',
      })
    const plain = { touser: 'zhangsan', agentid: 1, msgtype: 'text', text: { content: '甲' } }
    expect(requestOf(false)).toEqual(plain)
    expect(requestOf(true)).toEqual({ ...plain, safe: 1 })
  })

  it('of an old sender keeps its task_id in the first call, and has one that WeCom takes in the others', () => {
    const task_id = 't'.repeat(128)
    const taskIn = (key: string) => {
      const content = { kind: 'given', msgtype: 'template_card', body: { task_id }, options: {} } as const
      const call = { userIds: ['zhangsan'], agentId: 1, content, chunk: 0, isChecked: false, key }
      return (wecomRequest(call) as { template_card: { task_id: string } }).template_card.task_id
    }
    expect(['m.1', 'm.2', 'm.12'].map(taskIn)).toEqual([
      task_id,
      `${'t'.repeat(126)}@2`,
      `${'t'.repeat(125)}@12`,
    ])
  })

  it('carries the name of the application in its title', () => {
    const { content, truncated } = wecomContent('01', input({}))
    expect(content).toEqual({
      kind: 'textcard',
      title: '【消息中心】标题',
      description: '内容',
      url: 'https://example.com/a',
      btntxt: '详情',
    })
    expect(truncated).toEqual([])
  })

  it('names what was cut', () => {
    const { content, truncated } = wecomContent(
      '01',
      input({ title: '题'.repeat(100), content: '容'.repeat(200), btntxt: '马上去看看' }),
    )
    if (content.kind !== 'textcard') throw new Error('a card')
    expect(truncated).toEqual(['title', 'content', 'btntxt'])
    expect(byteLength(content.title)).toBeLessThanOrEqual(limits.title)
    expect(byteLength(content.description)).toBeLessThanOrEqual(limits.description)
    expect(content.btntxt).toBe('马上去看')
  })

  it.each([
    ['a card without url', '01', { url: undefined }, '1001 参数为空: url'],
    ['a card without title', '01', { title: undefined }, '1001 参数为空: title'],
    ['news without picUrl', '02', {}, '1001 参数为空: picUrl'],
    ['a script as url', '01', { url: 'javascript:alert(1)' }, '1000 参数错误: url 应为完整的 http(s) 地址'],
    ['a relative url', '01', { url: '/a/b' }, '1000 参数错误: url 应为完整的 http(s) 地址'],
    ['a relative picUrl', '02', { picUrl: 'a.png' }, '1000 参数错误: picUrl 应为完整的 http(s) 地址'],
    [
      'an endless url',
      '01',
      { url: `https://example.com/${'a'.repeat(3000)}` },
      '1000 参数错误: url 最长 2048 字节',
    ],
    ['a megabyte', '03', { content: '长'.repeat(350_000) }, '1000 参数错误: content 最长 20480 字节'],
  ] as const)('refuses %s', (_what, type, given, expected) => {
    expect(refusal(() => wecomContent(type, input(given)))).toBe(expected)
  })

  it('puts a url under a text as a link', () => {
    const { content } = wecomContent('03', input({ title: undefined, btntxt: '查看' }))
    expect(content).toEqual({ kind: 'text', chunks: ['内容\n<a href="https://example.com/a">查看</a>'] })
  })

  it('splits a long text into numbered messages that lose nothing', () => {
    const anyText = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 3000 })
    const property = fc.property(anyText, fc.boolean(), (text, hasUrl) => {
      const content = text.replace(/\s/g, 'x') || 'x'
      const built = wecomContent(
        '03',
        input({ title: undefined, content, url: hasUrl ? 'https://example.com/a' : undefined }),
      )
      if (built.content.kind !== 'text') throw new Error('a text')
      const { chunks } = built.content
      for (const chunk of chunks) expect(byteLength(chunk)).toBeLessThanOrEqual(limits.text)
      const bare = chunks.length === 1 ? chunks : chunks.map(chunk => chunk.replace(/^\(\d+\/\d+\)\n/, ''))
      const link = '<a href="https://example.com/a">详情</a>'
      expect(bare.join('').replace(`\n${link}`, '').replace(link, '')).toBe(content)
      if (hasUrl) expect(bare.at(-1)).toContain(link)
    })
    fc.assert(property, { numRuns: 60 })
  })
})

describe('cutting at bytes', () => {
  it('never halves what people see as one character', () => {
    const family = '👨‍👩‍👧'
    expect(cutBytes(`ab${family}`, 2 + byteLength(family) - 1)).toBe('ab')
    expect(cutBytes(`ab${family}`, 2 + byteLength(family))).toBe(`ab${family}`)
    expect(cutBytes('中文', 5)).toBe('中')
  })

  it('keeps the longest beginning that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.nat(120), (text, bytes) => {
        const kept = cutBytes(text, bytes)
        expect(text.startsWith(kept)).toBe(true)
        expect(byteLength(kept)).toBeLessThanOrEqual(
          Math.max(bytes, byteLength(text) <= bytes ? byteLength(text) : 0),
        )
      }),
    )
  })
})

describe('a mail', () => {
  it('needs a title, and no url', () => {
    expect(emailContent(input({ url: undefined }))).toMatchObject({ subject: '【消息中心】标题', url: '' })
    expect(refusal(() => emailContent(input({ title: '' })))).toBe('1001 参数为空: title')
    expect(refusal(() => emailContent(input({ url: 'ftp://example.com' })))).toBe(
      '1000 参数错误: url 应为完整的 http(s) 地址',
    )
  })
})
