import { describe, expect, it } from 'vitest'
import { seed } from '../../../test/soak.ts'
import type { ChatInfo } from '../../upstream/wecom/chats.ts'
import { checkSize } from './members.ts'
import { chatSize, stepsTo } from './steps.ts'

const people = (from: number, count: number) => Array.from({ length: count }, (_, n) => `u${from + n}`)

/** Makes the changes as WeCom does, which refuses a size or an owner that may not be. */
function applied(info: ChatInfo, steps: ReturnType<typeof stepsTo>): { owner: string; users: Set<string> } {
  const users = new Set(info.userIds)
  let { owner } = info
  for (const step of steps) {
    for (const userId of step.add ?? []) users.add(userId)
    for (const userId of step.remove ?? []) users.delete(userId)
    owner = step.owner ?? owner
    expect(users.size).toBeGreaterThanOrEqual(chatSize.atLeast)
    expect(users.size).toBeLessThanOrEqual(chatSize.atMost)
    expect(users.has(owner)).toBe(true)
    expect((step.add?.length ?? 0) + (step.remove?.length ?? 0)).toBeLessThanOrEqual(500)
  }
  return { owner, users }
}

describe('the steps from members to members', () => {
  it('lead there without a moment that WeCom refuses', () => {
    let state = seed
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const sizes = [2, 3, 40, 1999, 2000]
    for (let round = 0; round < 60; round++) {
      const before = people(0, sizes[random(sizes.length)]!)
      const target = people(random(3) * random(2100), sizes[random(sizes.length)]!)
      const info = { name: '群', owner: before[random(before.length)]!, userIds: before }
      const wanted = random(2) ? target[random(target.length)]! : null
      const { owner, users } = applied(info, stepsTo(info, target, wanted))
      expect([...users].sort()).toEqual([...target].sort())
      if (wanted) expect(owner).toBe(wanted)
      else if (target.includes(info.owner)) expect(owner).toBe(info.owner)
    }
  })

  it('are none where nothing differs but the spelling', () => {
    const info = { name: '群', owner: 'ZhangSan', userIds: ['ZhangSan', 'lisi'] }
    expect(stepsTo(info, ['zhangsan', 'LiSi'])).toEqual([])
  })

  it('are refused for 1 and for 2001 members', () => {
    for (const count of [1, 2001]) expect(() => checkSize(count)).toThrow(/2 到 2000 名成员/)
    for (const count of [2, 2000]) expect(() => checkSize(count)).not.toThrow()
  })
})
