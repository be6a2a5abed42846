import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseEnv, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { settles } from '../../../features.ts'
import { readConfig } from '../../../platform/config.ts'
import { startServer } from '../../../server.ts'
import type { CustomMessage } from '../../../upstream/official/calls/custom.ts'
import { writeBackup } from '../../backup/backup.ts'
import { restoreBackup } from '../../backup/restore.ts'
import type { Account } from '../accounts/accounts.ts'
import { linesOf } from '../talk/store.ts'
import { putSends } from './sends.ts'
import { openWindows, windowsOf } from './store.ts'
import { leftOf, takeFrom, type Window, windowRules } from './windows.ts'

let world: World
let account: Account
let openids: string[]
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  account = await world.bindOfficial()
  const { originalId } = account
  const found = await world.control(`official/followers?originalId=${originalId}&limit=20`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
})
afterAll(() => world.close())

const act = (openid: string, what: Record<string, unknown>) =>
  world.control('official/act', { originalId: account.originalId, openid, wait: true, ...what })
const put = (
  openid: string,
  originKey: string,
  content: CustomMessage = { type: 'text', content: originKey },
  ctx = world.ctx,
) =>
  ctx.db
    .transaction()
    .execute(tx => putSends(tx, ctx, account, [{ openid, origin: 'api', originKey, content }]))
const sendOf = (openid: string) =>
  world.ctx.db.selectFrom('official_send').selectAll().where('openid', '=', openid).orderBy('id').execute()
const settled = (openid: string) =>
  until('all sends', async () =>
    (await sendOf(openid)).every(send => send.state !== 'waiting' && send.state !== 'sending'),
  )
const received = async (openid: string) =>
  (
    (await world.control(`official/messages?originalId=${account.originalId}&openid=${openid}`))[
      'messages'
    ] as {
      how: string
      content: { content: string }
    }[]
  )
    .filter(message => message.how === 'custom')
    .map(message => message.content.content)
const processed = () => world.settleOfficial(account)
/** Writes as a follower, and waits until the window is open. */
async function write(openid: string) {
  await act(openid, { act: 'text', content: '你好' })
  await processed()
}

describe('a customer-service message', () => {
  it('goes out in order after the follower wrote, five times and no more', async () => {
    const openid = openids[0]!
    await write(openid)
    for (const n of [1, 2, 3, 4, 5, 6]) await put(openid, `m${n}`)
    await settled(openid)
    expect(await received(openid)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5'])
    const rows = await sendOf(openid)
    expect(rows.map(row => row.state)).toEqual([...Array(5).fill('sent'), 'failed'])
    expect(rows[5]?.reason).toEqual({ code: 'usedUp' })
  })

  it('to somebody who never wrote is not even tried', async () => {
    const openid = openids[1]!
    await put(openid, 'early')
    await settled(openid)
    expect((await sendOf(openid))[0]).toMatchObject({ state: 'failed', reason: { code: 'closed' } })
  })

  it('that is asked for again under its key goes out once', async () => {
    const openid = openids[2]!
    await write(openid)
    const [first] = await put(openid, 'once')
    const [again] = await put(openid, 'once')
    expect(again).toEqual({ id: first?.id, isNew: false })
    await settled(openid)
    expect(await received(openid)).toEqual(['once'])
  })

  it('is tried again when WeChat is busy, and not when it may have been taken', async () => {
    const openid = openids[3]!
    await write(openid)
    const fault = { match: 'official/cgi-bin/message/custom/send', times: 1 }
    await world.control('faults', { ...fault, mode: 'busy' })
    await put(openid, 'busy')
    await settled(openid)
    await world.control('faults', { ...fault, mode: 'http500' })
    await put(openid, 'unclear')
    await settled(openid)
    expect((await sendOf(openid)).map(send => [send.state, send.reason])).toEqual([
      ['sent', null],
      ['unknown', { code: 'unclear' }],
    ])
  })

  it("that WeChat refuses keeps WeChat's code and rid", async () => {
    const openid = openids[4]!
    await write(openid)
    await put(openid, 'long', { type: 'text', content: '长'.repeat(700) })
    await settled(openid)
    const [send] = await sendOf(openid)
    expect(send).toMatchObject({ state: 'failed', reason: { code: 'refused', errcode: 45002 } })
    expect(send?.reason).toMatchObject({ rid: expect.stringMatching(/^[0-9a-f-]{20,}$/) })
    const [window] = await windowsOf(world.ctx.db, account, [openid])
    expect(window?.used).toBe(0)
  })

  it('ends with the unsubscription', async () => {
    const openid = openids[5]!
    await write(openid)
    await act(openid, { act: 'unsubscribe' })
    await processed()
    await put(openid, 'gone')
    await settled(openid)
    expect((await sendOf(openid))[0]).toMatchObject({ reason: { code: 'closed' } })
    const row = await world.ctx.db
      .selectFrom('official_follower')
      .select('subscribed')
      .where('openid', '=', openid)
      .executeTakeFirst()
    expect(row).toEqual({ subscribed: false })
  })

  it('that a killed node was sending is settled as unclear', async () => {
    const openid = openids[6]!
    await write(openid)
    await world.ctx.queue.stop()
    await put(openid, 'killed')
    await world.ctx.db
      .updateTable('official_send')
      .set({ state: 'sending' })
      .where('openid', '=', openid)
      .execute()
    const second = await startServer(readConfig(world.env), { log: world.ctx.log })
    try {
      await settled(openid)
      expect((await sendOf(openid))[0]).toMatchObject({ state: 'unknown', reason: { code: 'interrupted' } })
      expect(await received(openid)).toEqual([])
    } finally {
      await second.close()
    }
  })

  it('that waited when a backup was made is not sent after a restore, and shown as unclear', async () => {
    const openid = openids[7]!
    await world.ctx.queue.stop()
    await act(openid, { act: 'text', content: '你好' })
    // The push waits in the inbox, but what follows needs the window.
    await openWindows(world.ctx.db, account, [{ openid, openedBy: 'message', at: new Date() }])
    await put(openid, 'in the backup')
    const file = join(world.env['WISP_DATA_DIR'] ?? '', 'sends.gz')
    await writeBackup(world.ctx, file)
    const config = readConfig({ ...world.env, ...(await databaseEnv()) })
    await restoreBackup(config, world.ctx.log, file, settles)
    const restored = await startServer(config, { log: world.ctx.log })
    try {
      const { db } = restored.ctx
      await put(openid, 'written later', undefined, restored.ctx)
      const lines = async () =>
        (await linesOf(db, account, openid, { limit: 9 })).filter(line => !line.isFromFollower)
      await until('the later one', async () => (await lines()).at(-1)?.state === 'sent')
      expect(await lines()).toMatchObject([
        { content: { content: 'in the backup' }, state: 'unknown', reason: { code: 'restored' } },
        { content: { content: 'written later' }, state: 'sent' },
      ])
      expect(await received(openid)).toEqual(['written later'])
    } finally {
      await restored.close()
    }
  })
})

describe('windows', () => {
  const now = 1_000_000_000_000
  const opened = (openedBy: Window['openedBy'], agoMs: number, used = 0): Window => ({
    openedBy,
    openedAt: new Date(now - agoMs),
    used,
  })

  it('are used in the order in which they end', () => {
    const windows = [opened('message', 1000), opened('click', 30_000)]
    expect(takeFrom(windows, now)).toMatchObject({ openedBy: 'click', used: 1 })
    expect(takeFrom([windows[0]!, opened('click', 30_000, 3)], now)).toMatchObject({ openedBy: 'message' })
  })

  it('say whether they are over or used up', () => {
    expect(takeFrom([], now)).toBe('closed')
    expect(takeFrom([opened('message', windowRules.message.ms)], now)).toBe('closed')
    expect(takeFrom([opened('message', 1, 5)], now)).toBe('used up')
  })

  it('tell how many are left until when', () => {
    expect(leftOf([opened('message', 0, 2), opened('scan', 59_000)], now)).toEqual({
      messages: 6,
      until: new Date(now + windowRules.message.ms),
    })
    expect(leftOf([opened('scan', 61_000)], now)).toEqual({ messages: 0, until: null })
  })
})
