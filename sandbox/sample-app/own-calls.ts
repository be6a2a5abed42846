import type { FastifyInstance, FastifyRequest } from 'fastify'
import { setVisit, visitOf } from './cookies.ts'
import { menuAnswer } from './menu.ts'
import type { Parts } from './parts.ts'
import type { Visit } from './visits.ts'
import { WispRefused } from './wisp-api.ts'

class SignedOut extends Error {}
class BadRequest extends Error {}

type Values = Record<string, string | undefined>

/** The routes that the application's pages call; their handlers call wisp. */
export function routeOwnCalls(app: FastifyInstance, parts: Parts): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof SignedOut) return reply.code(401).send({ error: '请重新登录' })
    if (error instanceof WispRefused)
      return reply.code(502).send({ error: error.message, retCode: error.retCode })
    const status = error instanceof BadRequest ? 400 : (error.statusCode ?? 500)
    return reply.code(status).send({ error: status < 500 ? error.message : '应用出错了' })
  })
  const get = (path: string, run: (visit: Visit, query: Values) => unknown): void => {
    app.get(`/app/${path}`, async request => run(await signedIn(parts, request), request.query as Values))
  }
  const { api, log } = parts
  get('me', ({ person }) => person)
  get('profile', ({ id, person }) => api.get('/api/user/get', { userId: person.userId }, id))
  get('tree', ({ jessionId, id }) => api.get('/api/org/list', { fetchChild: '1', jessionId }, id))
  get('members', ({ id }, { orgId = '', pageNo = '1' }) =>
    api.get('/api/user/orgUserList', { orgId, pageNo, pageSize: '30' }, id),
  )
  get('search', ({ id }, { name = '' }) =>
    api.post('/api/user/search', { searchName: name, pageNo: 1, pageSize: 30 }, id),
  )
  get('calls', ({ id }) => ({ calls: log.of(id) }))
  app.post('/app/sign-in', async (request, reply) => {
    checkOrigin(parts, request)
    const jessionId = (request.body as Values | null)?.['jessionId']
    const visit = jessionId ? await parts.visits.begin(jessionId) : undefined
    if (!visit) throw new SignedOut()
    setVisit(reply, visit)
    parts.onStep('app')
    return visit.person
  })
  app.post('/app/message', async request => {
    checkOrigin(parts, request)
    const visit = await signedIn(parts, request)
    return api.post('/api/message/send', readMessage(visit, request.body), visit.id)
  })
  // <wisp-inbox> asks here, because the page may not know the devToken.
  app.post('/app/inbox-ticket', async request => {
    checkOrigin(parts, request)
    const { id, jessionId } = await signedIn(parts, request)
    return api.post('/api/inbox/session', { jessionId, origin: parts.url() }, id)
  })
  app.get('/menu', async (request, reply) => {
    const { jessionId = '' } = request.query as Values
    // The valid ticket proves that wisp asks, on behalf of somebody who is signed in.
    const visit = await parts.visits.begin(jessionId)
    if (visit) {
      parts.visits.end(visit.id)
      parts.onStep('menu')
    }
    reply.type('application/json; charset=utf-8')
    return visit ? menuAnswer(parts.url()) : reply.code(403).send("{'error': 'jessionId 已失效'}")
  })
}

async function signedIn(parts: Parts, request: FastifyRequest): Promise<Visit> {
  const visit = await visitOf(parts, request)
  if (!visit) throw new SignedOut()
  return visit
}

/** Accepts changes from the application's own pages only; browsers send the origin of a request. */
function checkOrigin(parts: Parts, request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin !== undefined && origin !== parts.url()) throw new BadRequest('请求来自其他网站')
}

const kinds: Record<string, string> = { card: '01', news: '02', text: '03' }

/** The message is sent to the visitor, or to the people the visitor chose. */
function readMessage({ person }: Visit, body: unknown): object {
  const { kind = 'text', title = '', content = '', url = '', to } = (body ?? {}) as Values & { to?: string }
  const msgType = kinds[kind]
  if (!msgType) throw new BadRequest('消息类型不对')
  if (content.trim() === '') throw new BadRequest('请填写内容')
  return {
    toUser: to || person.userId,
    sendType: '0',
    msgType,
    agentName: '示例应用',
    title,
    content,
    url,
  }
}
