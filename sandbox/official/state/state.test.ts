import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { control } from '../../test-caller.ts'
import { accountCaller, keys, startAccountServer } from '../test/account.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-official-'))
let sandbox: Sandbox
afterEach(async () => {
  await sandbox.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('everything survives the process, and what was not delivered is pushed again; a reset keeps settings', async () => {
  sandbox = await startSandbox({ members: 1, dataDir })
  let account = await accountCaller(sandbox, 0)
  const server = await startAccountServer(account.appId)
  const made = await control(sandbox, 'POST', 'official/accounts', {
    name: '新号',
    kind: 'service',
    verified: true,
    followers: 3,
  })
  const [first, second] = (await account.openids()) as [string, string]
  const { tag } = (await account.post('cgi-bin/tags/create', { tag: { name: '杭州' } })) as never as {
    tag: { id: number }
  }
  await account.post('cgi-bin/tags/members/batchtagging', { openid_list: [first], tagid: tag.id })
  await account.post('cgi-bin/tags/delete', { tag: { id: 102 } })
  await account.control('followers', { count: 5 })
  const joined = await account.act({ act: 'subscribe' })
  await control(sandbox, 'POST', 'official/rules', { massJobMs: 600_000 })
  const mass = { filter: { is_to_all: true }, msgtype: 'text', text: { content: '大家好' } }
  const { msg_id } = await account.post('cgi-bin/message/mass/sendall', mass)
  await account.control('configure', { url: server.url, ...keys })
  // The server is silent, so that this push does not end before the process does.
  server.answer = () => {}
  await account.act({ openid: second, act: 'text', content: '在吗' })
  const { token } = account
  await sandbox.close()

  server.answer = undefined
  server.received.length = 0
  sandbox = await startSandbox({ members: 1, dataDir })
  account = await accountCaller(sandbox, 0)
  expect(account.token).toBe(token)
  expect(sandbox.official.accounts.at(-1)).toEqual(made.body)
  expect(await account.post('cgi-bin/tags/getidlist', { openid: first })).toEqual({
    tagid_list: [100, 101, tag.id],
  })
  expect((await account.openids()).at(-1)).toBe(joined['openid'])
  expect((await account.openids()).length).toBe(1206)
  expect(await account.post('cgi-bin/message/mass/get', { msg_id })).toMatchObject({ msg_status: 'SENDING' })
  while (server.received.length === 0) await new Promise(setImmediate)
  expect(server.received[0]!.clear).toContain('[在吗]')
  expect(await account.messages(second)).toMatchObject([{ how: 'sent', content: { content: '在吗' } }])

  await sandbox.reset()
  expect(await account.messages(second)).toEqual([])
  expect((await account.openids()).length).toBe(1200)
  const { body } = await control(sandbox, 'GET', `official/state?originalId=${account.originalId}`)
  expect(body).toMatchObject({ settings: { server: { url: server.url } } })
  await server.close()
})
