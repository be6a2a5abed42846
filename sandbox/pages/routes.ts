import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { openApproval } from '../approvals/open.ts'
import type { ApprovalWorld } from '../approvals/world.ts'
import { filesIn, sendFile, sendPage, sendScript } from '../http/send-page.ts'
import { checkPage as checkWecomPage, type JsSdkWorld } from '../js-sdk/check.ts'
import type { Input } from '../official/call.ts'
import type { OfficialPlatform } from '../official/platform.ts'
import { readWebRequest, WebRefused } from '../official/web/authorize.ts'
import { checkPage } from '../official/web/js-sdk.ts'
import { routePayPages } from '../pay/pages/routes.ts'
import { readRequest, signInPaths } from '../sign-in/read-request.ts'
import { SignInRefused } from '../sign-in/request.ts'
import type { SignInWorld } from '../sign-in/world.ts'
import { serveVendor } from '../sms/serve.ts'
import type { SmsWorld } from '../sms/world.ts'

/** What the pages use to check the addresses to which visitors come. */
interface PageWorld extends ApprovalWorld, JsSdkWorld, SignInWorld, SmsWorld {
  readonly official: OfficialPlatform
}

const officialDir = join(import.meta.dirname, '../official/pages')
const jsSdkDir = join(import.meta.dirname, '../js-sdk')
const payDir = join(import.meta.dirname, '../pay/pages')

const send = (reply: FastifyReply, file: string, words: Record<string, string> = {}): FastifyReply =>
  sendPage(reply, import.meta.dirname, file, { words })
const sendOfficial = (reply: FastifyReply, file: string, words: Record<string, string> = {}): FastifyReply =>
  sendPage(reply, officialDir, file, { words })

/**
 * Serves the pages for people: an index, the phone, the corp, where it calls back, faults, the tour and the sign-in pages. Their
 * data comes from /_sandbox/.
 */
export function routePages(app: FastifyInstance, world: PageWorld): void {
  const files = filesIn(import.meta.dirname)
  const officialFiles = filesIn(officialDir)
  app.get('/', (request, reply) => serveVendor(world, request, reply) ?? send(reply, 'index.html'))
  for (const name of ['phone', 'corp', 'callback', 'agents', 'faults', 'tour'])
    app.get(`/${name}`, (_request, reply) => send(reply, `${name}.html`))
  app.get('/official/connect/oauth2/authorize', (request, reply) => sendAuthorize(world, request.url, reply))
  // As on WeChat's host: the JS-SDK, and what only WeChat's own client adds to a page.
  app.get('/official/open/js/jweixin-1.6.0.js', (_request, reply) =>
    sendScript(reply, join(officialDir, 'jweixin.js'), join(payDir, 'weixin-client.js')),
  )
  app.get<{ Querystring: Input }>('/official/open/js/check', (request, reply) =>
    reply.header('access-control-allow-origin', '*').send(checkPage(world.official, request.query)),
  )
  // As on WeCom's host.
  app.get('/wwopen/js/jwxwork-1.0.0.js', (_request, reply) => sendScript(reply, join(jsSdkDir, 'jwxwork.js')))
  app.get<{ Querystring: Input }>('/pages/js-sdk/check', (request, reply) =>
    reply.header('access-control-allow-origin', '*').send(checkWecomPage(world, request.query)),
  )
  app.post<{ Body: string }>('/pages/js-sdk/thirdPartyOpenPage', (request, reply) =>
    reply.header('access-control-allow-origin', '*').send(openApproval(world, String(request.body))),
  )
  // It is shown in front of whatever page has WeChat's tag.
  app.get('/official/open/subscribe', (_request, reply) =>
    sendPage(reply, officialDir, 'subscribe.html', { ancestors: '*' }),
  )
  app.get<{ Params: { file: string } }>('/pages/official/:file', (request, reply) =>
    sendFile(reply, officialDir, officialFiles, request.params.file),
  )
  for (const path of signInPaths) app.get(path, (request, reply) => sendSignIn(world, request.url, reply))
  app.get('/sign-in/confirm/:id', (_request, reply) => send(reply, 'sign-in.html'))
  app.get<{ Params: { file: string } }>('/pages/:file', (request, reply) =>
    sendFile(reply, import.meta.dirname, files, request.params.file),
  )
  routePayPages(app)
}

/** Sends the sign-in page, or a page that says what is wrong with the address. */
function sendSignIn(world: PageWorld, address: string, reply: FastifyReply): FastifyReply {
  try {
    readRequest(world, address)
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error
    const code = error.code === undefined ? '' : `错误码：${error.code}`
    return send(reply.code(400), 'sign-in-refused.html', { text: error.message, code })
  }
  return send(reply, 'sign-in.html')
}

/** Sends the page of web authorisation, or a page that says why WeChat refuses the address. */
function sendAuthorize(world: PageWorld, address: string, reply: FastifyReply): FastifyReply {
  try {
    readWebRequest(world.official, address)
  } catch (error) {
    if (!(error instanceof WebRefused)) throw error
    const words = { text: error.message, code: `错误码：${error.code}` }
    return sendOfficial(reply.code(400), 'refused.html', words)
  }
  return sendOfficial(reply, 'authorize.html')
}
