import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { bindAccount, setAccount } from '../../features/official/accounts/bind.ts'
import { fileUses, storeFile } from './files.ts'
import { recognise } from './recognise.ts'

const png = (text = '') => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(text)])
const dayMs = 86_400_000

it('recognises files by their content', () => {
  const found = (start: string) => recognise(Buffer.from(`${start}                `, 'latin1'))
  expect(recognise(png())).toBe('image/png')
  expect(found('\xff\xd8\xff\xe0')).toBe('image/jpeg')
  expect(found('GIF89a')).toBe('image/gif')
  expect(found('RIFF\x10\x00\x00\x00WEBPVP8 ')).toBe('image/webp')
  expect(found('#!AMR\n')).toBe('audio/amr')
  expect(found('ID3\x04')).toBe('audio/mpeg')
  expect(found('\xff\xfb\x90\x64')).toBe('audio/mpeg')
  expect(found('\x00\x00\x00\x20ftypisom')).toBe('video/mp4')
  const none = ['<svg xmlns="http://www.w3.org/2000/svg"><script>', 'RIFF\x10\x00\x00\x00WAVE', '#!AMR-WB\n']
  for (const start of [...none, '\x00\x00\x00\x20ftypheic', '\xff\xff\xff\xff', '']) {
    expect(found(start)).toBeUndefined()
  }
  expect(recognise(Buffer.alloc(0))).toBeUndefined()
})

describe('stored files', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
    as = await signInAs(world, 'super')
  })
  afterAll(() => world.close())

  const upload = (use: string, bytes: Buffer) =>
    as.post('/web/files/upload', { use, content: bytes.toString('base64') })
  const show = (hash: string, headers = {}) =>
    fetch(`${world.server.url}/web/files/file?hash=${hash}`, { headers: { cookie: as.cookie, ...headers } })
  const storedHashes = async () => {
    const rows = await world.ctx.db.selectFrom('stored_file').select('hash').execute()
    return rows.map(row => row.hash)
  }

  it('are stored once and served as what they are, and as nothing else', async () => {
    const { body } = await upload('icon', png('served'))
    expect(body).toEqual({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), type: 'image/png', size: 14 })
    expect((await upload('image', png('served'))).body).toEqual(body)
    const answer = await show(body.hash)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png('served'))
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      etag: `"${body.hash}"`,
    })
    const again = await show(body.hash, { 'if-none-match': `"${body.hash}"` })
    expect(again.status).toBe(304)
    expect((await show('nothing')).status).toBe(404)
  })

  it('are refused when they are not what they are for, or too large', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    expect(await upload('icon', svg)).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('图标应为 PNG、JPEG、WebP'),
    })
    expect((await upload('voice', png())).retMessage).toContain('语音应为 AMR、MP3')
    const large = png('x'.repeat(fileUses.icon.bytesAtMost))
    expect((await upload('icon', large)).retMessage).toContain('最多 1048576 字节')
    expect((await upload('image', large)).retCode).toBe('0')
  })

  it('go a day after they were given, unless something refers to them', async () => {
    const { ctx, corpId } = world
    const [unused, icon] = await Promise.all(
      ['unused', 'icon'].map(name => storeFile(ctx, corpId, 'icon', png(name))),
    )
    if (!unused || !icon) throw new Error('two files')
    const account = { originalId: 'gh_icon', name: '图标', appId: 'wx1', secret: 's', iconHash: icon.hash }
    await bindAccount(ctx, 'test', corpId, account)
    await ctx.jobs.run('retention')
    expect(await storedHashes()).toEqual(expect.arrayContaining([unused.hash, icon.hash]))
    world.clock.offsetMs += 2 * dayMs
    await ctx.jobs.run('retention')
    expect(await storedHashes()).toEqual([icon.hash])
    await setAccount(ctx, 'test', corpId, 'gh_icon', { iconHash: null })
    await ctx.jobs.run('retention')
    expect(await storedHashes()).toEqual([])
    await expect(setAccount(ctx, 'test', corpId, 'gh_icon', { iconHash: icon.hash })).rejects.toThrow(
      '图标的文件不存在',
    )
  })
})
