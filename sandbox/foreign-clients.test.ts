import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// The package's index also loads its official account part, which needs a file that node-socialite no longer
// has.
import Application from 'node-easywechat/dist/Work/Application.js'
import {
  type AccessToken,
  ApiConfig,
  HttpKit,
  QyAccessTokenApi,
  QyApiConfigKit,
  QyDepartmentApi,
  QyTagApi,
  QyUserApi,
} from 'tnwx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { type CorpDump, callerOf, control, dump } from './test-caller.ts'

let sandbox: Sandbox
let corp: CorpDump
const cacheDir = mkdtempSync(join(tmpdir(), 'sandbox-easywechat-'))
beforeAll(async () => {
  sandbox = await startSandbox({ members: 90 })
  corp = await dump(sandbox)
})
afterAll(async () => {
  await sandbox.close()
  rmSync(cacheDir, { recursive: true })
})

/**
 * The client as an integrator would use it; only its base URL is changed. It stores tokens in files, by
 * default in the working directory.
 */
const clientOf = (secret: string) =>
  new Application({
    corp_id: sandbox.corpId,
    secret,
    http: { baseURL: `${sandbox.url}/` },
    file_cache: { path: cacheDir, dirMode: 0o700, fileMode: 0o600, ext: '.cache' },
  })

test('node-easywechat reads the address book', async () => {
  const client = clientOf(sandbox.contactSecret).getClient()
  const departments = (await client.get('cgi-bin/department/list')).toObject()
  expect(departments['department']).toEqual(corp.departments)
  const list = (await client.get('cgi-bin/user/list', { params: { department_id: 2 } })).toObject()
  expect(list['userlist']).toEqual(corp.members.filter(item => item.department.includes(2)))
  const ids = (await client.postJson('cgi-bin/user/list_id', { limit: 10 })).toObject()
  expect(ids['dept_user']).toHaveLength(10)
  const tag = (await client.get('cgi-bin/tag/get', { params: { tagid: 1 } })).toObject()
  expect(tag['tagname']).toBe(corp.tags[0]!.tagname)
})

test('node-easywechat writes, and reads a refusal', async () => {
  const client = clientOf(sandbox.contactSecret).getClient()
  const body = { userid: 'easy', name: '易微', mobile: '13211110000', department: [2] }
  expect((await client.postJson('cgi-bin/user/create', body)).toObject()['errmsg']).toBe('created')
  expect((await client.postJson('cgi-bin/user/create', body)).toObject()['errcode']).toBe(60102)
})

test('node-easywechat gets a token, an agent and who signed in', async () => {
  const { secret, agentId, name } = sandbox.agents[0]!
  const app = clientOf(secret)
  const token = await app.getAccessToken().getToken()
  expect(token).toBe((await callerOf(sandbox, secret)).token)
  const agent = (await app.getClient().get('cgi-bin/agent/get', { params: { agentid: agentId } })).toObject()
  expect(agent['name']).toBe(name)
  const { code } = (await control(sandbox, 'POST', 'code', { userId: 'lisi' })).body
  const who = (await app.getClient().get('cgi-bin/auth/getuserinfo', { params: { code } })).toObject()
  expect(who['userid']).toBe('lisi')
  await expect(clientOf('wrong').getAccessToken().getToken()).rejects.toThrow(/40001/)
})

/** tnwx has WeCom's address in its code; only that is changed, and only for this test. */
async function withTnwx(secret: string, work: (token: AccessToken) => Promise<void>): Promise<void> {
  const usual = HttpKit.getHttpDelegate
  const here = (url: string) => url.replace('https://qyapi.weixin.qq.com', sandbox.url)
  HttpKit.setHttpDelegate = Object.assign(Object.create(usual), {
    httpGet: (url: string, options?: unknown) => usual.httpGet(here(url), options),
    httpPost: (url: string, data: string, options?: unknown) => usual.httpPost(here(url), data, options),
  })
  try {
    QyApiConfigKit.putApiConfig(new ApiConfig(secret, secret, '', false, '', sandbox.corpId))
    QyApiConfigKit.setCurrentAppId(secret, sandbox.corpId)
    await work(await QyAccessTokenApi.getAccessToken())
  } finally {
    HttpKit.setHttpDelegate = usual
  }
}

test('tnwx reads the address book, and edits the tags that are its own', async () => {
  await withTnwx(sandbox.contactSecret, async token => {
    expect((await QyDepartmentApi.get(1, token)).department).toEqual(corp.departments)
    const below = (await QyUserApi.departmentUserInfo('1', 1, token)).userlist as { userid: string }[]
    expect(below.map(one => one.userid)).toEqual(expect.arrayContaining(['zhangsan', 'lisi']))
    const { tagid } = await QyTagApi.create('外部客户端', 77, token)
    expect(tagid).toBe(77)
    expect(await QyTagApi.update('改名', 77, token)).toMatchObject({ errcode: 0, errmsg: 'updated' })
    expect((await QyTagApi.getTagList(token)).taglist).toContainEqual({ tagid: 77, tagname: '改名' })
    expect(await QyTagApi.getUserByTagId(1, token)).toMatchObject({ tagname: corp.tags[0]!.tagname })
  })
  await withTnwx(sandbox.agents[0]!.secret, async token => {
    expect(await QyTagApi.update('抢走', 77, token)).toMatchObject({ errcode: 81011 })
    expect(await QyTagApi.delete(77, token)).toMatchObject({ errcode: 81011 })
  })
})
