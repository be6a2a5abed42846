import { setTimeout as delay } from 'node:timers/promises'
import { type BenchServer, portOf } from '../../bed.ts'
import type { LoadJob, LoadResult } from '../../load.ts'
import type { Child } from '../../processes.ts'
import { short } from '../../report.ts'
import { anyMember, type Request, writeRequests } from '../../requests.ts'
import type { SignInsBed } from '../../serve.ts'
import { connections, type Flood } from './flood.ts'

export const outsideCases = [
  'floods of refused pages',
  'floods of wide files',
  'floods of passed-on JSON',
  'floods of passed-on forms',
  'floods of mails',
] as const
type OutsideCase = (typeof outsideCases)[number]

/** Read from this by the developer of the floods. */
export const passedPath = 'wecom/oa/meetingroom/list'

type FloodBed = { measured: BenchServer; flooder: Child; seeded: SignInsBed; agentId: number }

/** Floods by people without an account, by an administrator, and by a developer whose bodies are for others. */
export function outsideFloods(given: FloodBed): Record<OutsideCase, () => Flood> {
  return {
    'floods of refused pages': () => refusedPages(given),
    'floods of wide files': () => wideFiles(given),
    'floods of passed-on JSON': () => passedOn(given, '2 MB of JSON passed on', manyNames()),
    'floods of passed-on forms': () => passedOn(given, '19 MB of forms passed on', largeForm()),
    'floods of mails': () => mails(given),
  }
}

/** A page of CAS and the callback of WeCom, which refuse anybody. */
function refusedPages({ measured, flooder, seeded }: FloodBed): Flood {
  const query = new URLSearchParams({ service: 'https://evil.example/' })
  const requests: Request[] = [
    { method: 'GET', path: `${seeded.casPath}/login?${query}` },
    { method: 'GET', path: '/signin/callback?code=x&state=y' },
  ]
  return flood(measured, flooder, 'refused pages', requests, 'page')
}

/** Three previews of one administrator at a time, of files with 200 columns, and with more than are taken. */
function wideFiles({ measured, seeded }: FloodBed): Flood {
  const cookie = seeded.cookies.at(-1) ?? ''
  const url = String(measured.server.ready['ready'])
  const file = (columns: number, lines: number) => {
    const row = (first: string) => `${first}${',x'.repeat(columns - 2)}\n`
    return Buffer.from(row('账号,手机') + row('nobody,1').repeat(lines)).toString('base64')
  }
  // Three of them are as much as one person may send at once.
  const bodies = [file(200, 4500), file(5000, 180)].map(content => JSON.stringify({ content }))
  return {
    name: 'wide files',
    async run(ms) {
      const session = await (await fetch(`${url}/web/session`, { headers: { cookie } })).json()
      const csrf = (session as { body: { csrf: string } }).body.csrf
      const headers = { cookie, 'x-wisp-csrf': csrf, 'content-type': 'application/json' }
      const codes: Record<string, number> = {}
      const until = performance.now() + ms
      const send = async (n: number) => {
        for (let m = n; performance.now() < until; m++) {
          const body = bodies[m % bodies.length] ?? ''
          const answer = await fetch(`${url}/web/directory/import-preview`, { method: 'POST', headers, body })
          const { retCode } = (await answer.json()) as { retCode: string }
          codes[retCode] = (codes[retCode] ?? 0) + 1
          if (retCode === '1010') await delay(20)
        }
      }
      await Promise.all([0, 1, 2].map(send))
      if (!codes['0'] || !codes['1000']) throw new Error(`wide files: ${JSON.stringify(codes)}`)
      return `${codes['0']} looked through and ${codes['1000']} refused, three at a time`
    },
  }
}

/** Refused at the end of all checks, because of a name that no body may have, so that no vendor is asked. */
function passedOn(
  { measured, flooder, agentId }: FloodBed,
  name: string,
  given: Pick<Request, 'body' | 'type'>,
): Flood {
  const path = `/api/${passedPath}?${new URLSearchParams({ agentId: String(agentId), devToken: measured.population.tokens[0]! })}`
  return flood(measured, flooder, name, [{ method: 'POST', path, ...given } as Request], 'refusal')
}

function manyNames(): Pick<Request, 'body'> {
  const names = Array.from({ length: 19_000 }, (_, n) => `"name${n}":"${'x'.repeat(85)}"`)
  return { body: `{${names.join()},"access_token":"x"}` }
}

function largeForm(): Pick<Request, 'body' | 'type'> {
  const part = (name: string, value: string) =>
    `--B\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const body = `${part('media', '\r\n--'.repeat(4_750_000))}${part('access_token', 'x')}--B--\r\n`
  return { body, type: 'multipart/form-data; boundary=B' }
}

function flood(
  { tools, server }: BenchServer,
  flooder: Child,
  name: string,
  requests: Request[],
  expect: LoadJob['expect'],
): Flood {
  const file = writeRequests(tools.dir, requests)
  return {
    name,
    async run(ms) {
      const port = portOf(server)
      const job: LoadJob = { port, requests: file, connections, ms, order: 'random', expect, minBytes: 0 }
      const result = await flooder.ask<LoadResult>('run', { job })
      if (result.failures > 0) throw new Error(`${name}: ${result.failures} failed, ${result.firstFailure}`)
      return `${result.requests} over ${connections} connections, ${short(result.perSecond)}/s`
    },
  }
}

const mailSenders = 8

/** Mails of 0.9 MB to single members; what has not left at the end is recalled. */
function mails({ measured: { server, population } }: FloodBed): Flood {
  const url = String(server.ready['ready'])
  const devToken = population.tokens[0]!
  const headers = { 'content-type': 'application/json' }
  const post = async (path: string, given: object) => {
    const body = JSON.stringify(given)
    const answer = await fetch(`${url}${path}?devToken=${devToken}`, { method: 'POST', headers, body })
    return (await answer.json()) as { retCode: string; retMessage: string; body?: { msgId: string } }
  }
  const content = 'x'.repeat(900_000)
  return {
    name: 'mails of 0.9 MB',
    async run(ms) {
      const until = performance.now() + ms
      const sent: string[] = []
      const send = async () => {
        while (performance.now() < until) {
          const toUser = anyMember(population.corp).userid
          const mail = { toUser, sendType: '2', agentName: '基准', title: '报表', content }
          const { retCode, retMessage, body } = await post('/api/message/send', mail)
          if (body?.msgId) sent.push(body.msgId)
          else if (retCode === '1010') await delay(20)
          else if (retCode !== '0' && retCode !== '1007') throw new Error(`mails: ${retMessage}`)
        }
      }
      await Promise.all(Array.from({ length: mailSenders }, () => send()))
      for (const msgId of sent) await post('/api/message/recall', { msgId })
      return `${sent.length} sent by ${mailSenders} senders`
    },
  }
}
