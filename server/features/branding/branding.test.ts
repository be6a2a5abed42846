import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { addCorp } from '../../organisation/corps/corps.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { removeWhole } from '../corp-lifecycle/lifecycle.fixture.ts'
import { dressPage } from './dress-page.ts'
import { pngOf } from './logo.fixture.ts'
import { resetBrand, setBrand } from './set-brand.ts'

let world: World
let as: SignedInClient
const hostA = 'a.example.edu.cn'
const hostB = 'b.example.edu.cn'
const brands = () => world.ctx.brands
const common = () => new URL(world.ctx.publicUrl()).host

beforeAll(async () => {
  world = await startWorld({ synced: false })
  const add = (corpId: string, name: string, publicUrl: string) =>
    addCorp(world.ctx, 'test', { corpId, name, publicUrl, contactSecret: 'secret' })
  await add('wwA', '甲大学', `https://${hostA}`)
  await add('wwB', '乙大学', `https://${hostB}`)
  await add('wwC', '丙学院', '')
  as = await signInAs(world, 'system')
})
afterAll(() => world.close())

const set = (corpId: string, change: Parameters<typeof setBrand>[3]) =>
  setBrand(world.ctx, 'test', corpId, change)

/** With a Host of its own, which fetch does not send. */
function at(host: string, path: string): Promise<{ status: number; headers: object; body: string }> {
  const { port } = new URL(world.server.url)
  return new Promise((resolve, reject) => {
    request({ port, path, headers: { host } }, answer => {
      const parts: Buffer[] = []
      answer.on('data', part => parts.push(part))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('whose brand is shown', () => {
  it('before sign-in the host says it, and no host shows that of another corp', async () => {
    await set('wwA', { name: '甲大学微门户', colour: '#B01E28', icpNumber: '京ICP备11111111号' })
    await set('wwC', { name: '丙学院' })
    expect(brands().shownAt(hostA, undefined)).toMatchObject({ name: '甲大学微门户', colour: '#b01e28' })
    for (const host of [hostB, common(), 'localhost:8080', ''])
      expect(brands().shownAt(host, undefined)).toMatchObject({ name: '', colour: '', icpNumber: '' })
    await set('', { name: '高校联盟', icpNumber: '京ICP备99999999号-1' })
    for (const host of [hostB, common()])
      expect(brands().shownAt(host, undefined)).toMatchObject({
        name: '高校联盟',
        icpNumber: '京ICP备99999999号-1',
      })
  })

  it('after sign-in it is the corp’s, but numbers are those of the site', () => {
    const brand = brands().shownAt(common(), 'wwA')
    expect(brand).toMatchObject({ name: '甲大学微门户', corpId: 'wwA', icpNumber: '京ICP备99999999号-1' })
    expect(brands().shownAt(hostA, 'wwA')).toMatchObject({ icpNumber: '京ICP备11111111号' })
    expect(brands().shownAt(hostA, 'wwB')).toMatchObject({ name: '高校联盟' })
    expect(brands().inMails('wwB')).toMatchObject({ name: '高校联盟', colour: '#2468f2' })
  })

  it('a host that two corps share is nobody’s', async () => {
    const shared = { corpId: 'wwD', name: '丁学院', publicUrl: `https://${hostA}`, contactSecret: 'secret' }
    await addCorp(world.ctx, 'test', shared)
    expect(brands().shownAt(hostA, undefined)).toMatchObject({ name: '高校联盟', colour: '' })
    expect(brands().shownAt(hostA, 'wwA')).toMatchObject({ name: '甲大学微门户' })
    await removeWhole(world.ctx, 'wwD')
    expect(brands().shownAt(hostA, undefined)).toMatchObject({ name: '甲大学微门户' })
  })

  it('a logo without a name stands beside the corp’s, and never beside the name of somebody else', async () => {
    await set('wwB', { logo: pngOf() })
    expect(brands().shownAt(hostB, undefined)).toMatchObject({
      name: '乙大学',
      logo: { path: expect.stringMatching(/^\/brand\/logo\/[0-9a-f]{64}\.png$/), width: 4, height: 3 },
    })
    expect(brands().shownAt(hostA, undefined)).toMatchObject({ name: '甲大学微门户', logo: undefined })
    expect(brands().inMails('wwB')?.logo?.path).toMatch(`https://${hostB}/brand/logo/`)
  })
})

describe('a dressed page', () => {
  const built = `<html><head><meta nonce="N"><title>登录 · wisp</title><link rel="icon" href="/icon.svg" type="image/svg+xml" /></head></html>`

  it('has name, icon and colours before any script runs', () => {
    const html = dressPage(built, brands().shownAt(hostB, undefined), 'N')
    expect(html).toContain('<title>登录 · 乙大学</title>')
    expect(html).toMatch(/<link rel="icon" href="\/brand\/logo\/\w+\.png" type="image\/png" \/>/)
    expect(dressPage(built, brands().shownAt(hostA, undefined), 'N')).toContain(
      '<style nonce="N">:root:root{--wisp-primary:#',
    )
  })

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x>',
    '$& $1 $`',
    '__NONCE__',
    '🏫👩‍🏫',
    'جامعة',
    '宽'.repeat(64),
  ])('takes the name %s as text', async name => {
    await set('wwA', { name })
    const html = dressPage(built, brands().shownAt(hostA, undefined), 'N')
    expect(html).not.toMatch(/<script|<img/)
    const told = /<meta name="brand" content="([^"]*)"/.exec(html)?.[1] ?? ''
    const text = (escaped: string) => escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
    expect(JSON.parse(text(told))).toMatchObject({ name })
    expect(text(/<title>(.*)<\/title>/.exec(html)?.[1] ?? '')).toBe(`登录 · ${name}`)
  })
})

describe('what anybody may open', () => {
  it('logos, as what they are and nothing else', async () => {
    const path = brands().shownAt(hostB, undefined).logo?.path ?? ''
    const answer = await at('any', path)
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect((await at('any', `/brand/logo/${'0'.repeat(64)}.png`)).status).toBe(404)
    expect((await at(hostB, '/favicon.ico')).headers).toMatchObject({ location: path })
  })

  it('the privacy policy of the site, as text', async () => {
    expect((await at(hostB, '/privacy')).status).toBe(404)
    await set('wwB', { privacyText: '第一段\n<b>第二行</b>\n\n第二段' })
    const { status, body } = await at(hostB, '/privacy')
    expect(status).toBe(200)
    expect(body).toContain('<p>第一段<br>&#60;b&#62;第二行&#60;/b&#62;</p>\n<p>第二段</p>')
    expect((await at(hostA, '/privacy')).status).toBe(404)
    await set('wwB', { privacyUrl: 'https://www.example.edu.cn/privacy' })
    expect((await at(hostB, '/privacy')).headers).toMatchObject({
      location: 'https://www.example.edu.cn/privacy',
    })
    expect(brands().shownAt(hostB, undefined)).toMatchObject({ privacyText: '' })
  })
})

describe('the console', () => {
  const form = { name: '丁', picture: 'keep' }

  it('shows, saves and resets, and the audit log says what', async () => {
    const { body: shown } = await as.get('/web/branding', { corpId: 'wwC' })
    expect(shown).toMatchObject({ host: common(), isShownBefore: false, plainName: '丙学院' })
    const logo = pngOf({ width: 20, height: 10 }).toString('base64')
    const given = { ...form, corpId: 'wwC', version: shown.version, picture: 'new', logo }
    const saved = await as.post('/web/branding/save', given)
    expect(saved.body.own).toMatchObject({ name: '丁', logo: { width: 20, height: 10 } })
    const stale = await as.post('/web/branding/save', { ...form, corpId: 'wwC', version: shown.version })
    expect(stale.status).toBe(409)
    const kept = { ...form, name: '戊', corpId: 'wwC', version: saved.body.version }
    expect((await as.post('/web/branding/save', kept)).body.own).toMatchObject({
      name: '戊',
      logo: { width: 20 },
    })
    const { body } = await as.get('/web/branding', { corpId: 'wwC' })
    await as.post('/web/branding/reset', { corpId: 'wwC', version: body.version })
    expect(brands().shownAt(common(), 'wwC')).toMatchObject({ name: '高校联盟', logo: undefined })
    const acts = await as.get('/web/audit', { corpId: 'wwC' })
    expect(acts.body.list.map((one: { act: string }) => one.act).slice(0, 3)).toEqual([
      'brand.reset',
      'brand.set',
      'brand.set',
    ])
  })

  it('refuses a body larger than any logo before it is read', async () => {
    const { body } = await as.get('/web/branding', { corpId: 'wwC' })
    const logo = 'A'.repeat(10_000_000)
    const answer = await as.post('/web/branding/save', {
      ...form,
      corpId: 'wwC',
      version: body.version,
      picture: 'new',
      logo,
    })
    expect(answer.status).toBe(413)
    expect(answer.retMessage).toContain('1')
  })

  it('says what becomes of a colour', async () => {
    const { body } = await as.get('/web/branding/colours', { colour: '#ffd400' })
    expect(body.contrast).toBeLessThan(1.5)
    expect(body.light.fill).not.toBe('#ffd400')
    expect((await as.get('/web/branding/colours', { colour: 'red' })).body).toBeNull()
  })
})

it('the command line sets what it names, and leaves the rest', async () => {
  const path = join(tmpdir(), `wisp-logo-${process.pid}.png`)
  writeFileSync(path, pngOf({ width: 30, height: 30 }))
  const run = (...words: string[]) => runCommand(world.ctx, ['brand', ...words])
  await run('set', '--corp', 'wwC', '--logo', path, '--icp', '京ICP备12345678号-1')
  await run('set', '--corp', 'wwC', '--police', '京公网安备 11010502030123号')
  expect((await run('show', '--corp', 'wwC')).data).toMatchObject({
    name: '',
    logo: { width: 30, height: 30 },
    icpNumber: '京ICP备12345678号-1',
    policeNumber: '京公网安备11010502030123号',
  })
  await run('set', '--corp', 'wwC', '--remove-logo')
  expect((await run('show', '--corp', 'wwC')).text).toContain('标志')
  await expect(run('set', '--corp', 'wwC')).rejects.toThrow('没有要修改的设置')
  await expect(run('set', '--corp', 'wwC', '--logo', '/nowhere.png')).rejects.toThrow('/nowhere.png')
  await run('reset', '--installation')
  expect(brands().shownAt(common(), undefined).name).toBe('')
})

it('a change reaches the other nodes, and goes with its corp', async () => {
  const other = await startServer(readConfig(world.env), { log: createLog('silent') })
  try {
    await set('wwA', { name: '另一个名称' })
    await set('', { name: '平台' })
    const shown = (host: string) => other.ctx.brands.shownAt(host, undefined).name
    await expect.poll(() => [shown(hostA), shown(hostB)]).toEqual(['另一个名称', '乙大学'])
    await expect.poll(() => shown(common())).toBe('平台')
    await resetBrand(world.ctx, 'test', '')
    await removeWhole(world.ctx, 'wwA')
    await expect.poll(() => [shown(hostA), shown(common())]).toEqual(['', ''])
    const { length } = await world.ctx.db
      .selectFrom('brand')
      .where('corp_id', '=', 'wwA')
      .selectAll()
      .execute()
    expect(length).toBe(0)
  } finally {
    await other.close()
  }
})
