import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../examples/languages.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { isDue, noteAtEnd, type Proof } from '../proved/proved.ts'
import { soak } from '../soak.ts'

/** Programs in other languages that follow web/docs/content/en/build/packet-format.md and nothing else, against a running server. */
const here = import.meta.dirname
const classes = mkdtempSync(join(tmpdir(), 'wisp-java-'))
const programs = [
  ['Python', 'python3', [join(here, 'client.py')]],
  ['Java', 'java', ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', classes, 'Client']],
] as const
/** What both have in common with the SDK is proved by test/sdk/packets.test.ts each time. */
const proof: Proof = {
  name: 'packets',
  inputs: ['test/packets/*.*', 'server/callers/packets/**/*.ts'],
  versions: languages.flatMap(one => (['java', 'python'].includes(one.folder) ? [one.version] : [])),
}
noteAtEnd([proof], 8)
const path = '/api/user/get'

let world: World
let dev: Caller
let between: Server
let url: string
/** What the one in the middle makes of an answer to a packet. */
let forge = (answer: string) => answer
beforeAll(async () => {
  await promisify(execFile)('javac', ['-d', classes, join(here, 'Client.java')])
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  dev = await world.addDeveloper({ packets: 'required' })
  between = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const headers = Object.entries(request.headers).filter(([name]) => /^(content-type|x-wisp-)/.test(name))
    const answer = await fetch(`${world.server.url}${request.url}`, {
      method: 'POST',
      headers: Object.fromEntries(headers) as Record<string, string>,
      body,
    })
    const text = await answer.text()
    response.writeHead(
      200,
      Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('x-wisp-'))),
    )
    response.end(request.url?.startsWith(path) ? forge(text) : text)
  })
  await new Promise<void>(resolve => between.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise(resolve => between.close(resolve))
  await world.close()
  rmSync(classes, { recursive: true })
})

type Result = { code: number; out: string; error: string }
let devices = 0

async function run(
  program: string,
  words: readonly string[],
  suite: string,
  plain: unknown,
  at = url,
): Promise<Result> {
  const given = [at, await dev.token(), `device:${++devices}`, suite, path, JSON.stringify(plain)]
  return new Promise(resolve => {
    execFile(program, [...words, ...given], (error, out, told) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: told.trim() })
    })
  })
}

describe.runIf(soak(isDue(proof), true)).each(programs)('%s', (_language, program, words) => {
  describe.each(['gcm', 'md5'])('in suite %s', suite => {
    it('gets a member, and an error of the call', async () => {
      const good = await run(program, words, suite, { userId: 'zhangsan' }, world.server.url)
      expect(good.error).toBe('')
      expect(JSON.parse(good.out)).toMatchObject({
        retCode: '0',
        retMessage: '成功',
        body: { userId: 'zhangsan', userName: expect.stringMatching(/./) },
      })
      const unknown = await run(program, words, suite, { userId: '没有' }, world.server.url)
      expect(JSON.parse(unknown.out)).toMatchObject({ retCode: '1007', retMessage: '无效的用户 id: 没有' })
    })
  })

  it('refuses a success in the clear', async () => {
    forge = () => '{"retCode":"0","retMessage":"成功","body":{"userId":"zhangsan"}}'
    const { code, out, error } = await run(program, words, 'gcm', { userId: 'zhangsan' })
    expect([code, out, error]).toEqual([1, '', 'a success in the clear'])
  })

  it('refuses an answer that was changed', async () => {
    forge = answer =>
      answer.replace(/"cipher":"(.)/, (_all, first) => `"cipher":"${first === 'A' ? 'B' : 'A'}`)
    const { code, out, error } = await run(program, words, 'md5', { userId: 'zhangsan' })
    expect([code, out, error]).toEqual([1, '', 'a wrong signature'])
  })
})
