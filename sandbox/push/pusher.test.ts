import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../test/until.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, callerOf, control } from '../test-caller.ts'
import { callbackKeys, type Receiver, startReceiver } from '../test-receiver.ts'

let sandbox: Sandbox
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
  sandbox = await startSandbox({ members: 60 })
})
afterAll(async () => {
  await sandbox.close()
  await receiver.close()
})
afterEach(async () => {
  receiver.answer = response => response.end()
  receiver.echo = (response, plain) => response.end(plain)
  await control(sandbox, 'DELETE', 'callback')
  await control(sandbox, 'DELETE', 'faults')
  receiver.received.length = 0
})

const save = (input: object = {}) =>
  control(sandbox, 'POST', 'callback', {
    url: receiver.url,
    ...callbackKeys,
    retryDelaysMs: [10, 20],
    ...input,
  })
const status = async () => (await control(sandbox, 'GET', 'callback')).body
const settled = () =>
  until('all pushes', async () => {
    const now = await status()
    return now['pending'] === 0 && now
  })
let number = 0
const rename = (name = `改名${++number}`) => admin(sandbox, 'department/update', { id: 2, name })

describe('verification', () => {
  test('a URL that answers the plaintext is saved', async () => {
    expect((await save()).body).toMatchObject({
      saved: true,
      callback: { url: receiver.url, timeoutMs: 5000 },
    })
    expect((await status())['callback']).toMatchObject(callbackKeys)
  })

  test('anything else is not, and is told what it answered', async () => {
    receiver.echo = (response, plain) => response.end(`"${plain}"`)
    const quoted = await save()
    expect(quoted.status).toBe(400)
    expect(quoted.body['error']).toMatch(/failed: expected HTTP 200 \d{19}, got HTTP 200 "\\"\d{19}\\""$/)
    receiver.echo = (response, plain) => response.end(`${plain}\n`)
    expect((await save()).status).toBe(400)
    receiver.echo = (response, plain) => response.writeHead(201).end(plain)
    expect((await save()).body['error']).toMatch(/got HTTP 201/)
    expect((await save({ token: 'another' })).body['error']).toMatch(/got HTTP 403/)
    expect((await save({ url: 'http://127.0.0.1:1/' })).body['error']).toMatch(/ECONNREFUSED/)
    expect((await status())['callback']).toBeNull()
  })

  test('a second is all there is', async () => {
    receiver.echo = () => {}
    const before = performance.now()
    expect((await save()).body['error']).toMatch(/no answer within 1000 ms$/)
    expect(performance.now() - before).toBeLessThan(2000)
  })
})

describe('delivery', () => {
  test('is signed, encrypted and in an envelope without AgentID', async () => {
    await save()
    await rename()
    const [push] = await receiver.until(1)
    expect(push!.raw).toMatch(
      new RegExp(
        `^<xml><ToUserName><!\\[CDATA\\[${sandbox.corpId}\\]\\]></ToUserName><AgentID><!\\[CDATA\\[\\]\\]></AgentID>`,
      ),
    )
    expect(push!.query.get('corp')).toBe('1')
    expect(push!.xml).toContain('<ChangeType>update_party</ChangeType>')
    expect(await settled()).toMatchObject({ failed: 0, dropped: 0, pending: 0 })
  })

  test('what the API does is not called back, what fails neither', async () => {
    await save()
    const caller = await callerOf(sandbox)
    await caller.post('department/update', { id: 2, name: '无声' })
    await admin(sandbox, 'department/delete', { id: 1 })
    await admin(sandbox, 'department/update', { id: 2, name: '无声' })
    await rename()
    const pushes = await receiver.until(1)
    await settled()
    expect(pushes).toHaveLength(1)
    expect(pushes[0]!.xml).not.toContain('无声')
  })

  test('is tried three times with the same bytes', async () => {
    await save()
    const before = await status()
    receiver.answer = response => response.writeHead(receiver.received.length < 3 ? 500 : 200).end()
    await rename()
    const [first, second, third] = await receiver.until(3)
    expect(second!.raw).toBe(first!.raw)
    expect(third!.query.toString()).toBe(first!.query.toString())
    const after = await settled()
    expect(Number(after['retried']) - Number(before['retried'])).toBe(2)
    expect(after).toMatchObject({ failed: 0, lastError: 'update_party: HTTP 500' })
  })

  test('is given up after the third, also when nothing but silence or 204 came', async () => {
    await save({ timeoutMs: 60 })
    receiver.answer = response => {
      if (receiver.received.length % 3 !== 0) response.writeHead(204).end()
    }
    await rename()
    await receiver.until(3)
    const after = await settled()
    expect(after).toMatchObject({ failed: 1, lastError: 'update_party: no answer within 60 ms' })
    expect(receiver.received).toHaveLength(3)
  })

  test('starts in order and does not wait for answers, up to sixteen', async () => {
    await save()
    const held: (() => void)[] = []
    receiver.answer = response => void held.push(() => response.end())
    for (let index = 1; index <= 20; index++) await rename(`次序${index}`)
    const pushes = await receiver.until(16)
    expect((await status())['pending']).toBe(20)
    expect(pushes).toHaveLength(16)
    const names = () => pushes.map(push => Number(/次序(\d+)/.exec(push.xml)![1]))
    expect(new Set(names())).toEqual(new Set(Array.from({ length: 16 }, (_, index) => index + 1)))
    receiver.answer = response => response.end()
    for (const release of held) release()
    await receiver.until(20)
    await settled()
    expect(names().slice(16).sort()).toEqual([17, 18, 19, 20])
  })
})

describe('callback faults', () => {
  const fault = (input: object) => control(sandbox, 'POST', 'faults', input)

  test('dropCallback loses one', async () => {
    await save()
    const before = Number((await status())['dropped'])
    await fault({ mode: 'dropCallback', match: 'callback/update_party', times: 1 })
    await rename('丢失')
    await rename('送达')
    const pushes = await receiver.until(1)
    const after = await settled()
    expect(pushes).toHaveLength(1)
    expect(pushes[0]!.xml).toContain('送达')
    expect(Number(after['dropped']) - before).toBe(1)
  })

  test('duplicateCallback sends twice, with the same or with another encryption', async () => {
    await save()
    await fault({ mode: 'duplicateCallback', times: 2 })
    await rename()
    await rename()
    const pushes = await receiver.until(4)
    await settled()
    expect(pushes).toHaveLength(4)
    expect(new Set(pushes.map(push => push.xml)).size).toBe(2)
    expect(new Set(pushes.map(push => push.raw)).size).toBe(3)
  })

  test('reorderCallback lets later ones pass', async () => {
    await save()
    await fault({ mode: 'reorderCallback', times: 1, delayMs: 60 })
    await rename('先改')
    await rename('后改')
    const pushes = await receiver.until(2)
    expect(pushes[0]!.xml).toContain('后改')
    expect(pushes[1]!.xml).toContain('先改')
  })
})
