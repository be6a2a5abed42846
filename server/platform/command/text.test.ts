import { describe, expect, it } from 'vitest'
import { facts, printable, table, when, width } from './text.ts'

describe('text for terminals', () => {
  it('counts cells, not characters', () => {
    expect(['abc', '张三', '（a）', '𠮷', 'é', 'e\u0301', '😀'].map(width)).toEqual([3, 4, 5, 2, 1, 1, 2])
  })

  it('puts columns under each other', () => {
    const lines = table(
      ['userId', '姓名', '级别'],
      [
        ['zhangsan', '张三', 2],
        ['li', '欧阳娜娜', 3],
      ],
    ).split('\n')
    expect(lines).toEqual(['userId    姓名      级别', 'zhangsan  张三      2', 'li        欧阳娜娜  3'])
    expect(table(['a'], [], '没有')).toBe('没有')
    expect(
      facts([
        ['名称', 'x'],
        ['Token', 1],
      ]),
    ).toBe('名称:  x\nToken: 1')
  })

  it('lets no name steer the terminal', () => {
    expect(table(['a'], [['x\u001b[2J\ny']])).toBe('a\nx [2J y')
    expect(printable('a\n\tb\u001b[2J\u009bc')).toBe('a\n\tb[2Jc')
  })

  it('prints the time of the installation, not of the process', () => {
    expect(when(new Date('2026-01-01T19:04:05Z'))).toBe('2026-01-02 03:04:05')
    expect(when(null, '从未')).toBe('从未')
  })
})
