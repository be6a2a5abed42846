import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, callerOf, control, dump, messagesOf } from '../test-caller.ts'
import { callbackKeys, startReceiver } from '../test-receiver.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const journal = () => join(dataDir, 'sandbox.journal')

/** Starts the sandbox as a process of its own. */
async function run(port = 0): Promise<{ child: ChildProcess; sandbox: Sandbox }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: {
      ...process.env,
      WISP_SANDBOX_PORT: String(port),
      WISP_SANDBOX_SMTP_PORT: '0',
      WISP_SANDBOX_MEMBERS: '80',
      WISP_SANDBOX_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string]
  const { sandboxUrl, ...rest } = JSON.parse(line)
  return { child, sandbox: { url: sandboxUrl, ...rest } as Sandbox }
}

async function stop(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<unknown> {
  child.kill(signal)
  return (await once(child, 'exit'))[0]
}

test('kill -9 in the middle of changes loses nothing that was answered', async () => {
  const receiver = await startReceiver()
  receiver.answer = response => response.writeHead(500).end()
  const { child, sandbox } = await run()
  const settings = { url: receiver.url, ...callbackKeys, retryDelaysMs: [600_000, 600_000] }
  expect((await control(sandbox, 'POST', 'callback', settings)).status).toBe(200)
  await control(sandbox, 'POST', 'regime', { regime: 'restricted' })
  const caller = await callerOf(sandbox)
  await admin(sandbox, 'user/rename', { userid: 'lisi', new_userid: 'li.si' })
  await caller.get('user/delete', { userid: 'wangwu' })
  const agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
  const message = { msgtype: 'text', agentid: sandbox.agents[0]!.agentId, text: { content: '留下' } }
  await agent.post('message/send', { ...message, touser: 'li.si' })
  const answered: string[] = []
  const flood = (async () => {
    for (let index = 0; ; index++) {
      const body = { userid: `n${index}`, name: '新人', mobile: String(13200000000 + index) }
      const answer = await caller.post('user/create', body).catch(() => undefined)
      if (!answer) return
      if (answer.errcode === 0) answered.push(body.userid)
      if (index === 50) child.kill('SIGKILL')
    }
  })()
  await once(child, 'exit')
  await flood
  await receiver.until(1)
  receiver.answer = response => response.end()
  const next = await run(Number(new URL(sandbox.url).port))
  const corp = await dump(next.sandbox)
  const userids = corp.members.map(item => item.userid)
  expect(userids).toEqual(expect.arrayContaining(['li.si', ...answered]))
  expect(userids).not.toContain('wangwu')
  expect(answered.length).toBeGreaterThan(49)
  expect(await messagesOf(next.sandbox, { to: 'li.si' })).toMatchObject([{ content: { content: '留下' } }])
  // The push that failed at first is delivered; the regime and the token are still valid.
  const [, again] = await receiver.until(2)
  expect(again!.xml).toContain('<NewUserID><![CDATA[li.si]]></NewUserID>')
  expect((await caller.get('user/get', { userid: 'li.si' })).errcode).toBe(48009)
  expect((await caller.get('department/simplelist')).errcode).toBe(0)
  expect(next.sandbox.contactSecret).toBe(sandbox.contactSecret)
  expect(await stop(next.child, 'SIGTERM')).toBe(0)
  await receiver.close()
})

test('a torn last line was never answered and is cut off', async () => {
  const first = await startSandbox({ members: 20, dataDir })
  await admin(first, 'tag/create', { tagname: '留下' })
  const expected = await dump(first)
  await first.close()
  appendFileSync(journal(), '{"edit":"tag/create","input":{"tagn')
  const second = await startSandbox({ members: 20, dataDir })
  expect((await dump(second)).tags).toEqual(expected.tags)
  await admin(second, 'tag/create', { tagname: '之后' })
  await second.close()
  const third = await startSandbox({ dataDir })
  expect((await dump(third)).tags.map(tag => tag.tagname)).toEqual(expect.arrayContaining(['留下', '之后']))
  await third.close()
})

test('a broken line inside is an error that names it', async () => {
  const first = await startSandbox({ members: 20, dataDir })
  await first.close()
  appendFileSync(journal(), 'nonsense\n{"settings":{}}\n')
  await expect(startSandbox({ dataDir })).rejects.toThrow(/sandbox\.journal: line 2 is not JSON/)
})

test('every kind of edit is done again, and reset starts a new journal', async () => {
  const first = await startSandbox({ members: 40, dataDir, seed: 5 })
  const { members, departments } = await dump(first)
  const someone = members[7]!
  const edits: [string, object][] = [
    ['department/create', { name: '甲', parentid: 1 }],
    ['department/create', { name: '乙', parentid: departments.length + 1 }],
    ['department/update', { id: departments.length + 2, parentid: 2, order: 7 }],
    ['department/delete', { id: departments.length + 1 }],
    ['user/create', { userid: 'x', name: '某', mobile: '13200000000', department: [departments.length + 2] }],
    ['user/update', { userid: 'x', position: '助理' }],
    ['user/rename', { userid: 'x', new_userid: 'y' }],
    ['user/create', { userid: 'x', name: '另一个', mobile: '13200000001' }],
    ['user/delete', { userid: someone.userid }],
    ['user/batchdelete', { useridlist: [members[8]!.userid] }],
    ['tag/create', { tagname: '丙' }],
    ['tag/update', { tagid: 1, tagname: '丁' }],
    ['tag/addtagusers', { tagid: 9, userlist: ['y'], partylist: [2] }],
    ['tag/deltagusers', { tagid: 9, partylist: [2] }],
    ['tag/delete', { tagid: 2 }],
  ]
  for (const [name, input] of edits)
    expect(await admin(first, name, input), name).toMatchObject({ errcode: 0 })
  const expected = await dump(first)
  await first.close()
  const second = await startSandbox({ dataDir, seed: 5 })
  const strip = (text: unknown) => JSON.stringify(text).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '')
  expect(strip(await dump(second))).toBe(strip(expected))
  await second.reset({ members: 10 })
  await second.close()
  expect(readFileSync(journal(), 'utf8').split('\n').length).toBeLessThan(6)
  const third = await startSandbox({ dataDir, seed: 5 })
  expect((await dump(third)).members).toHaveLength(10)
  await third.close()
})
