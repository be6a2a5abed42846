import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../../sandbox/avatar.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { readConfig } from '../../../platform/config.ts'
import { storeFile } from '../../../platform/files/files.ts'
import { startServer } from '../../../server.ts'
import type { Account } from '../accounts/accounts.ts'
import { addRules } from '../replies/edit.ts'
import { newRule } from '../replies/replies.fixture.ts'
import { forgetMedia, type MediaUse, mediaIdOf } from './media.ts'

let world: World
let account: Account
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 5, overrides: { officialOptions: { timeoutMs: 3000 } } })
  account = await world.bindOfficial()
  as = await signInAs(world, 'super')
})
afterAll(() => world.close())

let pictures = 0
const newPicture = async () =>
  (await storeFile(world.ctx, world.corpId, 'image', avatarPng(++pictures, 20))).hash
const idOf = (hash: string, use: MediaUse) => mediaIdOf(world.ctx, account, hash, use)
const fault = (mode: string, path = 'material/add_material') =>
  world.control('faults', { match: `official/cgi-bin/${path}`, mode, times: 1 })
const materials = async () =>
  Number((await account.client.get('/cgi-bin/material/get_materialcount'))['image_count'])

describe('a stored file', () => {
  it('is uploaded once for three days, and again before they end', async () => {
    const hash = await newPicture()
    const first = await idOf(hash, 'image')
    expect(await idOf(hash, 'image')).toBe(first)
    world.clock.offsetMs += 2.9 * 86_400_000
    const second = await idOf(hash, 'image')
    expect(second).not.toBe(first)
    world.clock.offsetMs = 0
    await forgetMedia(world.ctx, account, second)
    expect(await idOf(hash, 'image')).not.toBe(second)
  })

  it('is permanent material once, however many ask on however many nodes', async () => {
    const hash = await newPicture()
    const before = await materials()
    const second = await startServer(readConfig(world.env), { log: world.ctx.log })
    try {
      const there = second.ctx.accounts.get(world.corpId, account.originalId)
      const ids = await Promise.all([
        ...[1, 2, 3].map(() => idOf(hash, 'cover')),
        ...[1, 2, 3].map(() => mediaIdOf(second.ctx, there, hash, 'cover')),
      ])
      expect(new Set(ids).size).toBe(1)
      world.clock.offsetMs += 30 * 86_400_000
      expect(await idOf(hash, 'cover')).toBe(ids[0])
      expect(await materials()).toBe(before + 1)
    } finally {
      world.clock.offsetMs = 0
      await second.close()
    }
  })

  it('is found again at WeChat when the answer to its upload was lost', async () => {
    const hash = await newPicture()
    const before = await materials()
    await fault('acceptedThenTimeout')
    await expect(idOf(hash, 'cover')).rejects.toMatchObject({ name: 'OfficialUnavailable' })
    await idOf(hash, 'cover')
    expect(await materials()).toBe(before + 1)
  }, 60_000)

  it('that is not what it says is refused before WeChat is asked', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    await expect(storeFile(world.ctx, world.corpId, 'image', svg)).rejects.toMatchObject({ code: '1000' })
    const icon = Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 ', 'latin1')
    const { hash } = await storeFile(world.ctx, world.corpId, 'icon', icon)
    await expect(idOf(hash, 'image')).rejects.toMatchObject({ code: '1000' })
    await expect(idOf(await newPicture(), 'voice')).rejects.toMatchObject({ code: '1000' })
    await expect(idOf('0'.repeat(64), 'image')).rejects.toMatchObject({ code: '1000' })
  })

  it('that WeChat refuses keeps its code, and is taken the next time', async () => {
    const hash = await newPicture()
    await fault('code:45009')
    await expect(idOf(hash, 'cover')).rejects.toMatchObject({ errcode: 45009 })
    expect(await idOf(hash, 'cover')).not.toBe('')
  })

  it('gets an address for use inside articles', async () => {
    const hash = await newPicture()
    const put = async () =>
      as.post('/web/official/media/article-image', { originalId: account.originalId, hash })
    const { url } = (await put()).body
    expect((await fetch(url)).headers.get('content-type')).toBe('image/png')
    expect((await put()).body.url).toBe(url)
  })

  it('is not given to an account that may have no media', async () => {
    const unverified = await world.bindOfficial('subscription', { verified: false })
    const hash = await newPicture()
    await expect(mediaIdOf(world.ctx, unverified, hash, 'image')).rejects.toMatchObject({ code: '1009' })
  })
})

it('a picture that is uploaded for an automatic reply reaches the follower with it', async () => {
  const hash = await newPicture()
  const { originalId } = account
  const keep = () => as.post('/web/official/media/keep', { originalId, hash, kind: 'image' })
  const { mediaId } = (await keep()).body
  expect((await keep()).body.mediaId).toBe(mediaId)
  const rule = newRule({ words: ['图片'], contents: [{ type: 'image', mediaId }] })
  await addRules(world.ctx, { actor: 'test', account }, [rule])
  const found = await world.control(`official/followers?originalId=${originalId}&limit=1`)
  const [follower] = found['followers'] as { openid: string }[]
  const told = { originalId, ...follower, act: 'text', content: '图片', wait: true }
  expect((await world.control('official/act', told))['reply']).toMatchObject({
    type: 'image',
    content: { mediaId },
  })
  const voice = await as.post('/web/official/media/keep', { originalId, hash, kind: 'voice' })
  expect(voice.retCode).toBe('1000')
})
