import { XMLParser } from 'fast-xml-parser'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ListenOptions, newApp, type RunningSample, timeoutMs } from './parts.ts'
import { sendShown } from './sign-in-page.ts'
import { Visits } from './visits.ts'

export interface CasSampleOptions extends ListenOptions {
  /** Of the CAS server, without a slash at the end. */
  base: string
}

interface Visit {
  ticket: string
  user: string
  attributes: Record<string, string | string[]>
}

const name = '示例：CAS 应用'

/** An application that knows CAS 3.0 and nothing of wisp. */
export async function startCasSample(options: CasSampleOptions): Promise<RunningSample> {
  const app = newApp()
  let url = ''
  route(app, options, () => `${url}/`)
  url = await app.listen({ port: options.port, host: options.host })
  return { url, close: () => app.close() }
}

function route(app: FastifyInstance, { base, onStep }: CasSampleOptions, service: () => string): void {
  const visits = new Visits<Visit>('sample_cas')
  const address = (call: string, query: Record<string, string>) =>
    `${base}/${call}?${new URLSearchParams(query)}`
  app.get('/', async (request, reply) => {
    const { ticket } = request.query as Record<string, string | undefined>
    if (ticket) return enter(request, reply, ticket)
    const visit = visits.of(request)
    return visit ? shown(reply, visit) : nobody(reply)
  })
  app.get('/sign-in', (_request, reply) => reply.redirect(address('login', { service: service() })))
  app.get('/sign-out', (request, reply) => {
    if (visits.end(request)) onStep('cas-out')
    return reply.redirect(address('logout', { service: service() }))
  })
  app.post('/', (request, reply) => {
    const { logoutRequest = '' } = (request.body ?? {}) as Record<string, string | undefined>
    const ticket = /<samlp:SessionIndex>([^<]+)<\/samlp:SessionIndex>/.exec(logoutRequest)?.[1]
    if (ticket !== undefined && visits.endAll(visit => visit.ticket === ticket) > 0) onStep('cas-out')
    return reply.code(200).send()
  })

  async function enter(_request: FastifyRequest, reply: FastifyReply, ticket: string): Promise<FastifyReply> {
    const visit = await validate(address('p3/serviceValidate', { service: service(), ticket }), ticket)
    if (typeof visit === 'string')
      return sendShown(reply.code(403), {
        name,
        words: `没有登录：${visit}`,
        buttons: [{ href: '/sign-in', words: '重新登录' }],
      })
    visits.begin(reply, visit)
    onStep('cas')
    return reply.redirect('/')
  }
}

/** Whom the ticket stands for, or why for nobody. */
async function validate(address: string, ticket: string): Promise<Visit | string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) })
  const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, ignoreAttributes: false })
  const answer = parser.parse(await response.text()) as {
    serviceResponse?: {
      authenticationSuccess?: { user: string; attributes?: Visit['attributes'] }
      authenticationFailure?: { '#text'?: string; '@_code'?: string }
    }
  }
  const { authenticationSuccess: success, authenticationFailure: failure } = answer.serviceResponse ?? {}
  if (success) return { ticket, user: success.user, attributes: success.attributes ?? {} }
  return `${failure?.['#text'] ?? '没有应答'} (${failure?.['@_code'] ?? response.status})`
}

function shown(reply: FastifyReply, { user, attributes }: Visit): FastifyReply {
  return sendShown(reply, {
    name,
    words: '已登录。这是 CAS 服务器验证票据时给出的全部内容：',
    facts: [
      ['user', user],
      ...Object.entries(attributes).map(([key, value]): [string, string] => [key, [value].flat().join('、')]),
    ],
    buttons: [{ href: '/sign-out', words: '退出登录' }],
  })
}

function nobody(reply: FastifyReply): FastifyReply {
  return sendShown(reply, {
    name,
    words: '按 CAS 3.0 写的应用，不认识 wisp。还没有人在这里登录。',
    buttons: [{ href: '/sign-in', words: '登录' }],
  })
}
