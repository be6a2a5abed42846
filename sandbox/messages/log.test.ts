import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startSandbox } from '../sandbox.ts'
import { callerOf, control, messagesOf } from '../test-caller.ts'
import type { NewEntry, WecomEntry } from './entry.ts'
import { MessageLog } from './log.ts'

const entry = (index: number): NewEntry<WecomEntry> => ({
  channel: 'wecom',
  agentId: 1,
  msgId: `m${index}`,
  to: ['lisi'],
  dropped: [],
  all: false,
  msgtype: 'text',
  content: { content: `第 ${index} 条` },
})

test('a hundred thousand messages are listed by pages quickly and cost little', () => {
  const log = new MessageLog(Date.now, () => {})
  globalThis.gc?.()
  const before = process.memoryUsage()
  for (let index = 0; index < 100_000; index++) log.append(entry(index), [index % 1000])
  const after = process.memoryUsage()
  const grown = after.heapUsed + after.external - before.heapUsed - before.external
  expect(grown / 100_000).toBeLessThan(1500)
  const start = performance.now()
  let seen = 0
  for (let since = 0; ; ) {
    const { entries, next } = log.page({ since, limit: 1000 })
    if (entries.length === 0) break
    expect(entries[0]!.n).toBe(since + 1)
    seen += entries.length
    since = next
  }
  expect(seen).toBe(100_000)
  expect(log.page({ since: 0, limit: 1000, key: 5 }).entries).toHaveLength(100)
  expect(performance.now() - start).toBeLessThan(1000)
})

test('long lists of receivers are kept once', () => {
  const kept: unknown[] = []
  const log = new MessageLog(Date.now, item => kept.push(item))
  const to = Array.from({ length: 1000 }, (_, index) => `user${index}`)
  const slots = to.map((_, index) => index)
  for (let index = 0; index < 3; index++) log.append({ ...entry(index), to }, slots)
  log.append({ ...entry(3), to: to.slice(1) }, slots.slice(1))
  expect(kept.filter(item => 'audience' in (item as object) && 'slots' in (item as object))).toHaveLength(2)
  const { entries } = log.page({ since: 0, limit: 10, key: 0 })
  expect(entries.map(item => item.channel === 'wecom' && item.to.length)).toEqual([1000, 1000, 1000])
  expect(log.page({ since: 0, limit: 10, key: 999 }).entries).toHaveLength(4)
})

test('the journal brings messages, recalls, receivers, receipts and the duplicate check back; reset forgets them', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-messages-'))
  const first = await startSandbox({ members: 90, dataDir })
  const agent = await callerOf(first, first.agents[0]!.secret)
  const body = { agentid: first.agents[0]!.agentId, msgtype: 'text', text: { content: '甲' } }
  const once = { ...body, touser: 'lisi', enable_duplicate_check: 1 }
  const { msgid } = await agent.post('message/send', once)
  await agent.post('message/send', { ...body, touser: '@all' })
  await agent.post('message/recall', { msgid })
  const expected = await messagesOf(first, {})
  expect(expected).toMatchObject([{ recalledAt: expect.any(String) }, { all: true }])
  await first.close()
  const second = await startSandbox({ dataDir })
  expect(await messagesOf(second, {})).toEqual(expected)
  const { smtp, sms } = first
  expect(second.smtp).toEqual({ ...smtp, port: second.smtp.port })
  expect(second.sms).toEqual({ ...sms, endpoint: second.sms.endpoint })
  const again = await callerOf(second, second.agents[0]!.secret)
  expect((await again.post('message/send', once))['msgid']).toBe(msgid)
  expect(await messagesOf(second, { to: 'lisi' })).toHaveLength(2)
  await control(second, 'POST', 'limits', { perMemberMinute: 2 })
  await again.post('message/send', { ...body, touser: 'lisi' })
  expect((await messagesOf(second, { since: 3 }))[0]).toMatchObject({ dropped: [{ userid: 'lisi' }] })
  await control(second, 'POST', 'reset', { members: 20 })
  expect(await messagesOf(second, {})).toEqual([])
  await second.close()
  const third = await startSandbox({ dataDir })
  expect(await messagesOf(third, {})).toEqual([])
  await third.close()
  rmSync(dataDir, { recursive: true })
})
