import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { shownWecom } from '../messages/messages.fixture.ts'
import { type OldSender, oldSender } from './compat.fixture.ts'

let world: World
let old: OldSender
beforeAll(async () => {
  world = await startWorld()
  old = await oldSender(world)
})
afterAll(() => world.close())

const last = async () => (await shownWecom(world)).at(-1)!

describe('a file', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  /** As WeCom's own example writes the form. */
  const upload = (type: string, name: string, bytes: Buffer) => {
    const head = `--b\r\nContent-Disposition: form-data; name="media";filename="${name}"; filelength=${bytes.length}\r\nContent-Type: application/octet-stream\r\n\r\n`
    const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')])
    return old.post(`media/upload?type=${type}`, body, undefined, 'multipart/form-data; boundary=b')
  }
  const send = (msgtype: string, body: object, change: object = {}) =>
    old.post('message/send', {
      touser: 'zhangsan',
      msgtype,
      agentid: old.agentid,
      [msgtype]: body,
      ...change,
    })

  it('is uploaded and sent as a picture or as a file', async () => {
    const uploaded = await upload('image', '图.png', png)
    expect(uploaded).toEqual({
      errcode: 0,
      errmsg: 'ok',
      type: 'image',
      media_id: expect.stringMatching(/^[\w-]{32}$/),
      created_at: expect.stringMatching(/^\d{10}$/),
    })
    const { media_id } = uploaded
    expect(await send('image', { media_id }, { safe: 1 })).toMatchObject({ errcode: 0 })
    expect(await last()).toMatchObject({ msgtype: 'image', to: ['zhangsan'] })
    expect(await send('file', { media_id })).toMatchObject({ errcode: 0 })
    expect((await last()).msgtype).toBe('file')
    expect((await send('video', { media_id, title: 't', description: 'd' }))['errcode']).toBe(40007)
    const other = await oldSender(world, await world.addDeveloper(), 1)
    const theirs = { touser: 'lisi', msgtype: 'image', agentid: other.agentid, image: { media_id } }
    expect((await other.post('message/send', theirs))['errcode']).toBe(40007)
  })

  it('is refused for its type, its size, its form, or as an unknown id', async () => {
    expect((await upload('picture', 'a.png', png))['errcode']).toBe(40004)
    const stored = () =>
      sql<{ n: number }>`select count(*)::int as n from message_media`.execute(world.ctx.db)
    const before = (await stored()).rows
    expect((await upload('video', 'refused.mp4', png))['errcode']).toBe(40005)
    expect((await stored()).rows).toEqual(before)
    expect((await upload('file', 'a.txt', Buffer.from('12345')))['errcode']).toBe(40006)
    expect((await upload('file', 'a.txt', Buffer.alloc(0)))['errcode']).toBe(44001)
    expect((await upload('file', 'a.bin', Buffer.alloc(21 * 1024 * 1024)))['errcode']).toBe(45002)
    expect((await old.post('media/upload?type=file', { media: 'x' }))['errcode']).toBe(47001)
    expect((await send('image', { media_id: 'unknown' }))['errcode']).toBe(40007)
    expect((await send('image', {}))['errcode']).toBe(40007)
  })
})
