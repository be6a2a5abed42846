import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { storeFile } from '../../../platform/files/files.ts'

let world: World
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  as = await signInAs(world, 'super')
})
afterAll(() => world.close())

const form = { name: '示例公众号', appId: 'wx0123456789', secret: 'made up', kind: 'service' as const }
const bind = async (originalId: string, more: object = {}) => {
  const answer = await as.post('/web/official/account/bind', { ...form, originalId, ...more })
  expect(answer).toMatchObject({ retCode: '0' })
  return detail(originalId)
}
const detail = async (originalId: string) => (await as.get('/web/official/account', { originalId })).body

describe('an account of the sandbox', () => {
  it('is bound, verifies the callback and pushes', async () => {
    const account = await world.bindOfficial()
    expect(account).toMatchObject({ kind: 'service', verified: true, enabled: true, hasPushed: false })
    const { originalId } = account
    const { openid } = await world.control('official/act', { originalId, act: 'subscribe', wait: true })
    await world.settleOfficial(account)
    const events = await world.ctx.db.selectFrom('inbox_event').selectAll().execute()
    expect(events).toMatchObject([{ account: originalId, kind: 'subscribe', state: 'done' }])
    expect(events[0]?.entity).toContain(String(openid))
    await expect.poll(() => world.ctx.accounts.get(world.corpId, originalId).hasPushed).toBe(true)
  })
})

describe('the page of the accounts', () => {
  it('binds one with what the dialog takes, and shows no secret', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex')
    const { hash } = await storeFile(world.ctx, world.corpId, 'icon', png)
    const bound = await bind('gh_bound', { verified: '1', iconHash: hash })
    expect(bound).toMatchObject({
      name: '示例公众号',
      verified: true,
      mode: 'secure',
      iconHash: hash,
      callback: {
        url: `${world.server.url}/admin/publicMessage/callback`,
        token: expect.stringMatching(/^[A-Za-z0-9]{3,32}$/),
        encodingAesKey: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
      },
      diagnosis: null,
    })
    expect(JSON.stringify(bound)).not.toContain('made up')
  })

  it('keeps the secret that is left empty, and refuses an outdated form', async () => {
    const { version } = await bind('gh_edited')
    const save = (change: object) =>
      as.post('/web/official/account/save', { ...form, secret: '', originalId: 'gh_edited', ...change })
    const before = await world.ctx.db
      .selectFrom('official_account')
      .select('secret')
      .where('original_id', '=', 'gh_edited')
      .executeTakeFirst()
    expect((await save({ version, name: '新名字', callbackToken: 'AnotherToken' })).retCode).toBe('0')
    expect(await detail('gh_edited')).toMatchObject({ name: '新名字', callback: { token: 'AnotherToken' } })
    const after = await world.ctx.db
      .selectFrom('official_account')
      .select('secret')
      .where('original_id', '=', 'gh_edited')
      .executeTakeFirst()
    expect(after).toEqual(before)
    expect(await save({ version, name: '迟到' })).toMatchObject({ status: 409 })
  })

  it('tells which accounts share a token', async () => {
    await bind('gh_first', { name: '第一', callbackToken: 'TheSame' })
    expect((await bind('gh_second', { callbackToken: 'TheSame' })).sharing).toEqual(['第一'])
  })

  it('shows a graded administrator only what was given to them', async () => {
    await bind('gh_given')
    const departments = [{ departmentId: 1, manage: false }]
    const graded = await signInAs(world, 'graded', 'lisi', departments)
    const listed = async () => (await graded.get('/web/official/accounts')).body.list
    expect(await listed()).toEqual([])
    const give = (userIds: string[]) =>
      as.post('/web/official/account/grant', { originalId: 'gh_given', userIds })
    expect((await give(['zhangsan'])).retMessage).toContain('zhangsan 不是分级管理员')
    const { grantsVersion: version } = await detail('gh_given')
    expect((await give(['lisi'])).retCode).toBe('0')
    const stale = { originalId: 'gh_given', userIds: [], version }
    expect((await as.post('/web/official/account/grant', stale)).retMessage).toContain('已被他人修改')
    expect(await listed()).toMatchObject([{ originalId: 'gh_given' }])
    expect((await detail('gh_given')).grants).toEqual([{ userId: 'lisi', name: '李四' }])
    expect((await graded.post('/web/official/rid', { originalId: 'gh_first', rid: 'x' })).status).toBe(403)
  })

  it('unbinds one after telling what goes', async () => {
    const [first] = world.ctx.accounts.ofCorp(world.corpId)
    const originalId = first?.originalId ?? ''
    const { goes } = (await as.get('/web/official/account/removal', { originalId })).body
    expect(goes).toContainEqual({ name: '推送记录', count: 1 })
    expect(goes).toContainEqual({ name: '粉丝', count: 1 })
    const remove = (confirm: string) => as.post('/web/official/account/remove', { originalId, confirm })
    expect((await remove('gh_other')).retCode).toBe('1000')
    expect((await remove(originalId)).retCode).toBe('0')
    expect(world.ctx.accounts.find(originalId)).toBeUndefined()
  })
})

describe('the files that prove a domain', () => {
  const put = (name: string, content: string) => as.post('/web/official/site-files/put', { name, content })
  const root = async (path: string) => {
    const answer = await fetch(`${world.server.url}${path}`)
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }

  it('are served at the root as they are, under their exact names only', async () => {
    expect((await put('MP_verify_aB3.txt', 'aB3\n')).retCode).toBe('0')
    const served = { status: 200, type: 'text/plain; charset=utf-8', text: 'aB3' }
    expect(await root('/MP_verify_aB3.txt')).toEqual(served)
    const long = `/MP_verify_${'a'.repeat(5000)}.txt`
    for (const path of [
      '/MP_verify_aB4.txt',
      '/mp_verify_aB3.txt',
      '/MP_verify_aB3.txt/',
      '/MP_verify_.txt',
      long,
    ])
      expect((await root(path)).status, path).toBe(404)
    expect((await root('/healthz')).status).toBe(200)
    expect((await put('WW_verify_cD5.txt', 'cD5')).retCode).toBe('0')
    expect((await root('/WW_verify_cD5.txt')).text).toBe('cD5')
    await as.post('/web/official/site-files/remove', { name: 'WW_verify_cD5.txt' })
    const list = (await as.get('/web/official/site-files')).body.list
    expect(list).toEqual([{ name: 'MP_verify_aB3.txt', putAt: expect.any(String) }])
    expect((await as.post('/web/official/site-files/remove', { name: 'MP_verify_aB3.txt' })).retCode).toBe(
      '0',
    )
    expect((await root('/MP_verify_aB3.txt')).status).toBe(404)
  })

  it('are no way to put anything else there', async () => {
    expect((await put('index.html', 'x')).retMessage).toContain('文件名应为')
    expect((await put('MP_verify_../x.txt', 'x')).retMessage).toContain('文件名应为')
    expect((await put('MP_verify_x.txt', '<script>')).retMessage).toContain('字母和数字')
  })
})
