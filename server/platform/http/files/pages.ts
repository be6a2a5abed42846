import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Assets, answersHead, harden, readAssets, sendAsset, sendMissing } from './assets.ts'
import { registerDocs } from './docs.ts'
import { documentedBelowPages } from './own-pages.ts'

/** Where `scripts/build-pages.ts` writes the pages. */
const builtPages = resolve(import.meta.dirname, '../../../../web/dist')

export type Page = 'console' | 'developer' | 'portal' | 'mobile' | 'sign-in' | 'pay'
type BuiltPages = { assets: Assets; html: Record<Page, string> }

const pages: readonly { page: Page; paths: readonly string[] }[] = [
  { page: 'console', paths: ['/console', '/console/*'] },
  { page: 'developer', paths: ['/developer', '/developer/*'] },
  { page: 'portal', paths: ['/portal', '/portal/*'] },
  { page: 'mobile', paths: ['/mobile', '/mobile/*'] },
]

/** Where the first corp is connected. */
const dayOne = '/console/start'

const phone = /\b(Mobile|Android|iPhone|iPod)\b/

type PagesOptions = {
  /** False before the first corp is connected: then there is nothing for anybody but to connect one. */
  hasCorps(): boolean
  /** Who is signed in; an account belongs to no member. */
  visitorOf(request: FastifyRequest): Promise<'member' | 'account' | undefined>
  /** The corps whose members can sign in with WeCom. */
  signInCorps(): readonly { corpId: string }[]
  /** What happens before the page is sent; undefined when it is to be sent. */
  enter(
    page: Page,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> | undefined
  /** Writes what is the organisation's own into a page. `nonce` is that of its styles. */
  dress(page: Page, html: string, request: FastifyRequest, nonce: string): Promise<string>
  /** The logo of the organisation at this host, for browsers that ask for an icon by its old name. */
  iconOf(request: FastifyRequest): string | undefined
  publicUrl(): string
  /** The origin of WeChat's JS-SDK, which the payer's page loads. */
  weixinOrigin: string
  dir?: string
}

/** Serves the pages under /console, /developer, /portal, /mobile, /signin and /docs with their assets, from memory. */
export function registerPages(app: FastifyInstance, options: PagesOptions): void {
  const { dir = builtPages } = options
  let built: BuiltPages | undefined
  const get = () => (built ??= readBuilt(dir))
  const send = (request: FastifyRequest, reply: FastifyReply, page: Page, sources?: Sources) =>
    sendPage(request, reply, page, { built: get(), sources, dress: options.dress })
  for (const { page, paths } of pages) {
    for (const path of paths)
      app.get(path, answersHead, (request, reply) => {
        if (documentedBelowPages.test(request.url)) return reply.callNotFound()
        if (page !== 'console' && !options.hasCorps()) return reply.redirect(dayOne, 302)
        return send(request, reply, page)
      })
  }
  for (const path of ['/pay', '/pay/*'])
    app.get(
      path,
      answersHead,
      async (request, reply) =>
        (await options.enter('pay', request, reply)) ??
        send(request, reply, 'pay', payerSources(options.weixinOrigin)),
    )
  const signIn = async (request: FastifyRequest, reply: FastifyReply) => {
    const straight = straightToWecom(request, options.signInCorps())
    return straight && !(await options.visitorOf(request))
      ? reply.redirect(straight, 302)
      : send(request, reply, 'sign-in')
  }
  for (const path of ['/signin', '/signin/']) app.get(path, answersHead, signIn)
  app.get('/signin/trial/:appId', answersHead, (request, reply) => send(request, reply, 'sign-in'))
  app.get('/', answersHead, async (request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .header('vary', 'user-agent, cookie')
      .redirect(await homeOf(request, options), 302),
  )
  app.get('/favicon.ico', answersHead, (request, reply) =>
    reply.header('cache-control', 'no-store').redirect(options.iconOf(request) ?? '/icon.svg', 302),
  )
  const assets = () => get()?.assets
  const asset = (request: FastifyRequest, reply: FastifyReply) => sendAsset(request, reply, assets())
  for (const path of ['/assets/*', '/start.js', '/icon.svg', '/llms.txt']) app.get(path, answersHead, asset)
  registerDocs(app, assets, options.publicUrl)
}

/** The workbench that fits is for members; an account that belongs to none has the console, on a phone as well. */
async function homeOf(
  request: FastifyRequest,
  { hasCorps, visitorOf }: Pick<PagesOptions, 'hasCorps' | 'visitorOf'>,
): Promise<string> {
  if (!hasCorps()) return dayOne
  if ((await visitorOf(request)) === 'account') return '/console'
  return phone.test(request.headers['user-agent'] ?? '') ? '/mobile' : '/portal'
}

const staysHere = ['refused', 'out', 'acr', 'fresh', 'setup']

/**
 * Inside WeCom's own client people go straight to WeCom's sign-in without pressing a button, unless there is a choice
 * to make, something has just failed, they have just signed out, or they have to show that it is them. Whom a page
 * sends here although they are signed in has more to do than to be recognised, and would be sent here again without end.
 */
function straightToWecom(request: FastifyRequest, corps: readonly { corpId: string }[]): string | undefined {
  const isWecom = /wxwork/i.test(request.headers['user-agent'] ?? '')
  const query = request.query as Record<string, unknown>
  if (!isWecom || corps.length !== 1 || staysHere.some(name => name in query)) return undefined
  const to = typeof query['to'] === 'string' ? { to: query['to'] } : {}
  return `/signin/wecom?${new URLSearchParams({ corpId: corps[0]?.corpId ?? '', ...to })}`
}

/** `script` and `frame` are added to the policy's sources; `embedders` may frame the page, and other sites see `referrer`. */
type Sources = { script?: string; frame: string; embedders: string; referrer?: string }

/** The portal shows apps in frames. */
const opensApps: Sources = { frame: 'http: https:', embedders: "'self'" }
const opensNothing: Sources = { frame: "'none'", embedders: "'none'" }
const sourcesOf: Partial<Record<Page, Sources>> = { portal: opensApps, mobile: opensApps }

/**
 * The page calls WeChat's own clients by frames with addresses of their scheme; the portal shows the page in a frame. WeChat's
 * payment page for browsers refuses visitors without a referrer; it may be sent because the page's address has no ticket.
 */
function payerSources(origin: string): Sources {
  return {
    script: ` ${origin}`,
    frame: `${origin} weixin: wxlocalresource:`,
    embedders: "'self'",
    referrer: 'strict-origin-when-cross-origin',
  }
}

type PageParts = { built: BuiltPages | undefined; sources: Sources | undefined; dress: PagesOptions['dress'] }

async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: Page,
  { built, sources = sourcesOf[page] ?? opensNothing, dress }: PageParts,
): Promise<FastifyReply> {
  harden(reply)
  if (!built) return sendMissing(reply)
  if (sources.referrer) reply.header('referrer-policy', sources.referrer)
  const nonce = randomBytes(16).toString('base64')
  const html = built.html[page].replaceAll('__NONCE__', nonce)
  return reply
    .header('content-security-policy', contentPolicy(sources, nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(await dress(page, html, request, nonce))
}

/** Ant Design inserts styles at run time, using the nonce of this answer; scripts come from files only. */
function contentPolicy({ script = '', frame, embedders }: Sources, nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self'${script}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob: https: http:",
    `frame-src ${frame}`,
    `frame-ancestors ${embedders}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}

/** Reads the built pages, a few megabytes, into memory. Undefined while nothing is built. */
function readBuilt(dir: string): BuiltPages | undefined {
  if (!existsSync(join(dir, 'console', 'index.html'))) return undefined
  const html = (page: Page) => readFileSync(join(dir, page, 'index.html'), 'utf8')
  return {
    assets: readAssets(dir),
    html: {
      console: html('console'),
      developer: html('developer'),
      portal: html('portal'),
      mobile: html('mobile'),
      'sign-in': html('sign-in'),
      pay: html('pay'),
    },
  }
}
