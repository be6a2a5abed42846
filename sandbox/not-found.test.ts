import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountCaller } from './official/test/account.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { callerOf } from './test-caller.ts'

let sandbox: Sandbox
let wecom: string
let official: string
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1 })
  wecom = `?access_token=${(await callerOf(sandbox)).token}`
  official = `?access_token=${(await accountCaller(sandbox, 0)).token}`
})
afterAll(() => sandbox.close())

const ask = async (method: string, path: string, token: string, body?: string) => {
  const answer = await fetch(`${sandbox.url}${path}${token}`, { method, ...(body !== undefined && { body }) })
  const text = await answer.text()
  expect(text).not.toContain(token)
  expect(answer.headers.get('content-security-policy')).toBeNull()
  return { status: answer.status, text, errcode: /"errcode":(-?\d+)/.exec(text)?.[1] }
}

test.each([
  ['GET', '/cgi-bin/message/send', '43002', undefined],
  ['POST', '/cgi-bin/department/list', '43001', '{}'],
  ['POST', '/cgi-bin/tag/addtagusers', '44002', undefined],
  ['POST', '/cgi-bin/tag/addtagusers', '47001', 'x'],
])('WeCom: %s %s is %s', async (method, path, errcode, body) => {
  expect((await ask(method, path, wecom, body)).errcode).toBe(errcode)
})

test.each([
  ['GET', '/official/cgi-bin/menu/create', '43002', undefined],
  ['POST', '/official/cgi-bin/menu/get', '43001', '{}'],
  ['POST', '/official/cgi-bin/menu/create', '44002', undefined],
  ['GET', '/official/cgi-bin/no/such', '40066', undefined],
  ['POST', '/official/cgi-bin/no/such', '40066', '{}'],
  ['GET', '/official/cgi-bin/user/get', undefined, undefined],
])('official accounts: %s %s is %s', async (method, path, errcode, body) => {
  expect((await ask(method, path, official, body)).errcode).toBe(errcode)
})

test.each(['/cgi-bin/no/such', '/no/such', '/v3/no/such', '/official/no/such'])(
  '%s is nowhere, and says no more',
  async path => {
    expect(await ask('GET', path, wecom)).toMatchObject({ status: 404 })
  },
)
