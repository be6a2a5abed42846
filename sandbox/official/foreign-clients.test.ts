import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WechatApi from 'co-wechat-api'
import type OfficialAccount from 'node-easywechat/dist/OfficialAccount/Application.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { avatarPng } from '../avatar.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { control } from '../test-caller.ts'
import { type AccountCaller, accountCaller, keys } from './test/account.ts'

// node-easywechat asks for a file that node-socialite no longer has under this name.
const hooks = registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier === 'node-socialite/dist/Core/ProviderInterface'
        ? 'node-socialite/dist/Core/BaseProvider'
        : specifier,
      context,
    ),
})
const Application = createRequire(import.meta.url)(
  'node-easywechat/dist/OfficialAccount/Application.js',
) as typeof OfficialAccount
hooks.deregister()

const cacheDir = mkdtempSync(join(tmpdir(), 'sandbox-official-easywechat-'))
let sandbox: Sandbox
let account: AccountCaller
let app: OfficialAccount
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1 })
  account = await accountCaller(sandbox, 0)
  app = new Application({
    app_id: account.appId,
    secret: account.secret,
    token: keys.token,
    aes_key: keys.encodingAesKey,
    use_stable_access_token: true,
    http: { baseURL: `${sandbox.official.url}/` },
    file_cache: { path: cacheDir, dirMode: 0o700, fileMode: 0o600, ext: '.cache' },
  })
})
afterAll(async () => {
  await sandbox.close()
  rmSync(cacheDir, { recursive: true })
})

test('node-easywechat gets a token and reads followers', async () => {
  expect(await app.getAccessToken().getToken()).toBe(account.token)
  const client = app.getClient()
  const page = (await client.get('cgi-bin/user/get')).toObject()
  expect(page['count']).toBe(1200)
  const [openid] = page['data'].openid as string[]
  const info = (await client.get('cgi-bin/user/info', { params: { openid, lang: 'zh_CN' } })).toObject()
  expect(info).toMatchObject({ subscribe: 1, openid })
})

test('node-easywechat makes a menu, uploads a picture and reads a refusal', async () => {
  const client = app.getClient()
  const button = [{ type: 'click', name: '今日', key: 'TODAY' }]
  expect((await client.postJson('cgi-bin/menu/create', { button })).toObject()).toMatchObject({ errcode: 0 })
  expect((await client.get('cgi-bin/menu/get')).toObject()['menu'].button[0].key).toBe('TODAY')
  const touser = (await account.openids())[0]
  const send = { touser, msgtype: 'text', text: { content: '您好' } }
  const refused = (await client.postJson('cgi-bin/message/custom/send', send)).toObject()
  expect(refused).toMatchObject({ errcode: 45015, errmsg: expect.stringContaining('rid: ') })
  await account.act({ openid: touser, act: 'text', content: '在吗' })
  expect((await client.postJson('cgi-bin/message/custom/send', send)).toObject()).toMatchObject({
    errcode: 0,
  })
})

test('node-easywechat signs a page with the ticket', async () => {
  const config = await app.getUtils().buildJsSdkConfig('https://a.example/page?x=1')
  const { ticket } = await account.get('cgi-bin/ticket/getticket', { type: 'jsapi' })
  expect(config).toMatchObject({ appId: account.appId, signature: expect.stringMatching(/^[0-9a-f]{40}$/) })
  expect(await app.getTicket().getTicket()).toBe(ticket)
  const { timestamp, nonceStr, signature } = config
  const check = async (url: string) => {
    const query = new URLSearchParams({ appId: account.appId, timestamp, nonceStr, signature, url })
    const answer = await fetch(`${sandbox.official.url}/open/js/check?${query}`)
    return ((await answer.json()) as { errMsg: string }).errMsg
  }
  expect(await check('https://a.example/page?x=1')).toBe('config:ok')
  expect(await check('https://a.example/page?x=2')).toBe('config:invalid signature')
})

test('web authorisation: consent, snapshot pages, and what is refused', async () => {
  const openid = (await account.openids())[0]!
  const address = (more = ''): string =>
    `/official/connect/oauth2/authorize?appid=${account.appId}&redirect_uri=${encodeURIComponent('https://a.example/in?x=1')}&response_type=code&scope=snsapi_userinfo&state=s%20t${more}#wechat_redirect`
  const choose = async (more: object = {}): Promise<URL> => {
    const { body } = await control(sandbox, 'POST', 'official/authorize', { url: address(), openid, ...more })
    return new URL(String(body['location']))
  }
  const sns = async (path: string, query: Record<string, string>) =>
    (await (
      await fetch(`${sandbox.official.url}/sns/${path}?${new URLSearchParams(query)}`)
    ).json()) as Record<string, unknown>
  const exchange = (code: string) =>
    sns('oauth2/access_token', {
      appid: account.appId,
      secret: account.secret,
      code,
      grant_type: 'authorization_code',
    })
  const back = await choose()
  expect([back.host, back.searchParams.get('x'), back.searchParams.get('state')]).toEqual([
    'a.example',
    '1',
    's t',
  ])
  const code = back.searchParams.get('code')!
  const token = await exchange(code)
  expect(token).toMatchObject({ openid, scope: 'snsapi_userinfo', unionid: expect.any(String) })
  expect(await exchange(code)).toMatchObject({ errcode: 40163 })
  expect(await exchange('no')).toMatchObject({ errcode: 40029 })
  const own = { access_token: String(token['access_token']), openid }
  expect(await sns('userinfo', own)).toMatchObject({ nickname: '张三', sex: 0 })
  expect(await sns('auth', { ...own, openid: 'ox' })).toMatchObject({ errcode: 40003 })
  const again = {
    appid: account.appId,
    grant_type: 'refresh_token',
    refresh_token: String(token['refresh_token']),
  }
  expect(await sns('oauth2/refresh_token', again)).toMatchObject({
    openid,
    refresh_token: token['refresh_token'],
  })
  const unseen = await exchange((await choose({ consent: false })).searchParams.get('code')!)
  expect(await sns('userinfo', { access_token: String(unseen['access_token']), openid })).toMatchObject({
    nickname: '微信用户',
  })
  const snapshot = await exchange((await choose({ snapshot: true })).searchParams.get('code')!)
  expect(snapshot).toMatchObject({ is_snapshotuser: 1 })
  expect(snapshot['openid']).not.toBe(openid)
  expect((await choose({ refuse: true })).searchParams.has('code')).toBe(false)
  const wrong = encodeURIComponent(address().replace('userinfo', 'all'))
  expect(await control(sandbox, 'GET', `official/authorize?url=${wrong}`)).toMatchObject({ status: 400 })
  const page = await fetch(
    `${sandbox.url}${address().replace(account.appId, sandbox.official.accounts[2]!.appId)}`,
  )
  expect([page.status, (await page.text()).includes('10005')]).toEqual([400, true])
})

test('quotas, failed calls and short keys can be asked for', async () => {
  expect(await account.post('cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/user/get' })).toMatchObject({
    quota: { daily_limit: 500, used: 1, remain: 499 },
  })
  expect(await account.post('cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/no' })).toMatchObject({
    errcode: 76021,
  })
  expect(await account.post('cgi-bin/clear_quota', { appid: account.appId })).toMatchObject({ errcode: 0 })
  const { errmsg } = await account.get('cgi-bin/user/info', { openid: 'ox' })
  const rid = /rid: (\S+)$/.exec(errmsg)![1]
  expect(await account.post('cgi-bin/openapi/rid/get', { rid })).toMatchObject({
    request: { request_url: expect.stringContaining('/cgi-bin/user/info?'), client_ip: '127.0.0.1' },
  })
  const other = await accountCaller(sandbox, 2)
  expect(await other.post('cgi-bin/openapi/rid/get', { rid })).toMatchObject({ errcode: 76003 })
  expect(
    await account.post('cgi-bin/callback/check', { action: 'all', check_operator: 'DEFAULT' }),
  ).toMatchObject({ errcode: 40201 })
  const { short_key } = await account.post('cgi-bin/shorten/gen', { long_data: '很长', expire_seconds: 60 })
  expect(await account.post('cgi-bin/shorten/fetch', { short_key })).toMatchObject({
    long_data: '很长',
    expire_seconds: 60,
  })
  const [first] = await account.openids()
  const { result_list } = await other.post('cgi-bin/changeopenid', {
    from_appid: account.appId,
    openid_list: [first],
  })
  expect(result_list).toEqual([{ ori_openid: first, new_openid: (await other.openids())[0], err_msg: 'ok' }])
})

test('co-wechat-api makes a menu, tags followers, uploads a picture and reads refusals', async () => {
  const api = new WechatApi(account.appId, account.secret)
  api.prefix = `${sandbox.official.url}/cgi-bin/`
  await api.createMenu({ button: [{ type: 'click', name: '首页', key: 'HOME' }] })
  expect((await api.getMenu()).menu.button[0]?.name).toBe('首页')
  const { data } = await api.getFollowers()
  const [openid = '', other = ''] = data.openid
  expect((await api.batchGetUsers([openid])).user_info_list).toMatchObject([{ openid, subscribe: 1 }])
  const { tag } = await api.createTags('外部客户端')
  await api.batchTagging([openid, other], tag.id)
  expect((await api.getIdList(other)).tagid_list).toContain(tag.id)
  const { media_id } = await api.uploadMedia(avatarPng(1, 40), 'image', 'a.png', 'image/png')
  expect((await api.getMedia(media_id)).subarray(1, 4).toString()).toBe('PNG')
  await account.act({ openid, act: 'text', content: '在吗' })
  await api.sendText(openid, '您好')
  await api.sendImage(openid, media_id)
  await expect(api.sendImage(openid, 'unknown')).rejects.toMatchObject({ code: 40007 })
  await api.removeMenu()
  await expect(api.getMenu()).rejects.toMatchObject({ code: 46003 })
})
