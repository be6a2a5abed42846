import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../sandbox/avatar.ts'
import { type Answer, type Caller, call, startWorld, type World } from '../../../test/harness.ts'
import { signInAs } from '../../../test/sign-in.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { recogniseMedia } from './kinds.ts'
import { mediaOf, readMedia, storeMedia } from './media.ts'

const megabyte = 1024 * 1024

let world: World
let dev: Caller
let other: Caller
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  dev = await world.addDeveloper({ name: '人事', scopes: ['message:send'] })
  other = await world.addDeveloper({ name: '门禁', scopes: ['message:send'] })
})
afterAll(() => world.close())

async function upload(bytes: Buffer | string, name = 'a.txt', by = dev): Promise<Answer> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(Buffer.from(bytes))]), name)
  const url = `${world.server.url}/api/message/media?devToken=${await by.token()}`
  return call(url, { method: 'POST', body: form })
}
const kept = async () =>
  (
    await sql<{ media: number; files: number }>`select (select count(*)::int from message_media) as media,
    (select count(*)::int from stored_file) as files`.execute(world.ctx.db)
  ).rows[0]!
const amr = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(26)])
const mp4 = Buffer.concat([Buffer.from('00000020', 'hex'), Buffer.from('ftypisom'), Buffer.alloc(26)])
/** A picture of 60,000 by 60,000 points by its head: nobody decodes it. */
const bomb = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from('0000ea600000ea60', 'hex'),
  Buffer.alloc(40),
])

describe('a file', () => {
  it.each([
    ['a picture', avatarPng(1, 40), 'a.png', 'image', 'a.png'],
    ['a picture that is called a document', avatarPng(1, 41), '通知.pdf', 'image', '通知.pdf'],
    ['a page that is called a picture', '<html><script>alert(1)</script>', 'a.png', 'file', 'a.png'],
    ['a picture of 3.6 billion points', bomb, 'b.png', 'image', 'b.png'],
    ['a voice message', amr, 'a.amr', 'voice', 'a.amr'],
    ['a video', mp4, 'a.mp4', 'video', 'a.mp4'],
    ['a name with folders', 'folders', '../../etc/passwd', 'file', 'passwd'],
    ['a name with folders of Windows', 'folders', 'C:\\Users\\x\\a.txt', 'file', 'a.txt'],
    ['a name that turns its direction', 'turned', '工资\u202efdp.exe', 'file', '工资fdp.exe'],
    ['no name but dots', 'dots here', '..', 'file', 'file'],
  ])('is what its content is: %s', async (_what, bytes, name, kind, shown) => {
    const { body, retCode } = await upload(bytes, name)
    expect([retCode, body]).toEqual([
      '0',
      { mediaId: expect.any(String), kind, name: shown, size: Buffer.from(bytes).length },
    ])
  })

  it.each([
    ['a picture', avatarPng(1, 40), 10, '图片（JPG、PNG）最大 10 MB'],
    ['a voice message', amr, 2, '语音（AMR）最大 2 MB'],
    ['a video', mp4, 10, '视频（MP4）最大 10 MB'],
    ['anything else', Buffer.from('else'), 20, '文件最大 20 MB'],
  ])('has a limit by what it is: %s', (_what, head, megabytes, words) => {
    const of = (size: number) => Buffer.concat([head], size)
    expect(recogniseMedia(of(megabytes * megabyte)).size).toBe(megabytes * megabyte)
    expect(() => recogniseMedia(of(megabytes * megabyte + 1))).toThrow(words)
  })

  it.each([
    ['5 bytes', Buffer.from('12345'), '应大于 5 字节'],
    ['21 MB', Buffer.alloc(21 * megabyte), '请求体超过'],
  ])('is refused, and nothing is stored: %s', async (_what, bytes, words) => {
    const before = await kept()
    expect(await upload(bytes)).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining(words) })
    expect(await kept()).toEqual(before)
  })

  it('of a name that is too long is refused', async () => {
    expect((await upload('too long', `${'长'.repeat(201)}.txt`)).retMessage).toContain(
      '文件名最长 200 个字符，请改短',
    )
  })

  it('is stored once by its content, and keeps its id under its name', async () => {
    const before = await kept()
    const { mediaId } = (await upload('stored once', '一.txt')).body
    expect((await upload('stored once', '一.txt')).body.mediaId).toBe(mediaId)
    expect((await upload('stored once', '二.txt')).body.mediaId).not.toBe(mediaId)
    await upload('stored once', '一.txt', other)
    expect(await kept()).toEqual({ media: before.media + 3, files: before.files + 1 })
    const read = await readMedia(world.ctx, world.corpId, mediaId)
    expect(read).toEqual({
      name: '一.txt',
      type: 'application/octet-stream',
      bytes: Buffer.from('stored once'),
    })
  })

  it('is its developer’s own', async () => {
    const { mediaId } = (await upload('my own file')).body
    const others = { corpId: world.corpId, devId: other.devId }
    expect(await mediaOf(world.ctx, { ...others, devId: dev.devId }, [mediaId])).toEqual([
      { mediaId, kind: 'file', name: 'a.txt', size: 11, type: 'application/octet-stream' },
    ])
    for (const id of [mediaId, 'nothing'])
      await expect(mediaOf(world.ctx, others, [id])).rejects.toMatchObject({ code: '1002' })
  })

  it('is found by nobody who only has the same content', async () => {
    await upload('a guess of its content')
    const hash = createHash('sha256').update('a guess of its content').digest('hex')
    const as = await signInAs(world, 'super')
    const answer = await fetch(`${world.server.url}/web/files/file?hash=${hash}`, {
      headers: { cookie: as.cookie },
    })
    expect(answer.status).toBe(404)
  })

  it.each([
    ['Python’s requests', `filename*=utf-8''%E9%80%9A%E7%9F%A5.txt`],
    ['Java’s libraries', `filename="=?UTF-8?Q?=E9?="; filename*=UTF-8''%E9%80%9A%E7%9F%A5.txt`],
  ])('named as by %s keeps its name', async (who, named) => {
    const body = `--B\r\nContent-Disposition: form-data; name="file"; ${named}\r\n\r\n${who}\r\n--B--`
    const url = `${world.server.url}/api/message/media?devToken=${await dev.token()}`
    const headers = { 'content-type': 'multipart/form-data; boundary=B' }
    expect((await call(url, { method: 'POST', headers, body })).body.name).toBe('通知.txt')
  })

  it('beyond the corp’s room of 2 GB is refused', async () => {
    await sql`update message_media set size = 2147483640
      where hash = (select min(hash) from message_media where corp_id = ${world.corpId})`.execute(
      world.ctx.db,
    )
    const before = await kept()
    expect(await upload('one file more')).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('合计最多 2 GB'),
    })
    expect(await kept()).toEqual(before)
    await sql`update message_media set size = 6 where size > 2000000000`.execute(world.ctx.db)
  })

  it('goes thirty days after it was used last, with its bytes', async () => {
    const owner = { corpId: world.corpId, devId: dev.devId }
    const { mediaId } = await storeMedia(world.ctx, owner, { name: 'old', bytes: Buffer.from('an old file') })
    const age = sql`update message_media set used_at = now() - interval '31 days' where id = ${mediaId}`
    await age.execute(world.ctx.db)
    expect((await upload('an old file', 'old')).body.mediaId).toBe(mediaId)
    await world.ctx.jobs.run('retention')
    expect(await readMedia(world.ctx, world.corpId, mediaId)).toBeDefined()
    await age.execute(world.ctx.db)
    await sql`update stored_file set wanted_at = now() - interval '31 days'`.execute(world.ctx.db)
    await world.ctx.jobs.run('retention')
    await world.ctx.jobs.run('retention')
    expect(await readMedia(world.ctx, world.corpId, mediaId)).toBeUndefined()
    const { files } = await kept()
    expect(files).toBe(
      (
        await sql<{ n: number }>`select count(distinct hash)::int as n from message_media`.execute(
          world.ctx.db,
        )
      ).rows[0]!.n,
    )
  })
})

it('is refused where files are switched off', async () => {
  await switchFeatures(world.ctx, 'test', world.corpId, { 'message-media': false })
  expect((await upload('switched off')).retCode).toBe('1009')
  await switchFeatures(world.ctx, 'test', world.corpId, { 'message-media': true })
})
