import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Connect, createServer } from 'vite'
import { startDemoWorld } from './demo-world.ts'
import { proxyTo } from './dev-proxy.ts'

/**
 * For work on the pages: wisp on a database of its own beside a sandbox, with the pages from their sources, which
 * the browser follows as they are saved. Prints the address, ways in, and goes with Ctrl C.
 * `--empty` connects no corp; `--built` serves web/dist instead, with its policy; `--members N`.
 */
const { values } = parseArgs({
  options: { empty: { type: 'boolean' }, built: { type: 'boolean' }, members: { type: 'string' } },
})

const pages = values.built ? undefined : await startPages()
const world = await startDemoWorld({
  isEmpty: values.empty === true,
  members: Number(values.members ?? 120),
  ...(pages ? { publicUrl: pages.url, onListening: pages.forwardTo } : {}),
})
const { server, sandbox, admin } = world
console.log(`\nwisp     ${pages?.url ?? server.url}`)
console.log(`admin    ${admin.user} / ${admin.password}\nsandbox  ${sandbox.url}`)
if (!values.empty) {
  console.log(`zhangsan (super)   cookie ${await world.cookieOf('zhangsan')}`)
  console.log(`lisi     (graded)  cookie ${await world.cookieOf('lisi')}`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await pages?.close()
    await world.close()
    process.exit(0)
  })
}

/** Vite in front: our pages from their sources, everything else to wisp. */
async function startPages() {
  const root = resolve(import.meta.dirname, '../../web')
  // Several may run: each prepares packages for itself.
  const cacheDir = resolve(root, `../node_modules/.cache/wisp-dev-${process.pid}`)
  const vite = await createServer({
    configFile: join(root, 'vite.config.ts'),
    root,
    cacheDir,
    logLevel: 'warn',
    appType: 'mpa',
    server: { port: 0, host: '127.0.0.1' },
    plugins: [{ name: 'wisp-pages', configureServer: one => void one.middlewares.use(route) }],
  })
  let target = ''
  const proxy = proxyTo(() => target)
  function route(...[request, response, next]: Parameters<Connect.NextHandleFunction>): void {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const page =
      /^\/(console|portal|mobile|developer)(\/|$)/.exec(path)?.[1] ??
      (path === '/signin' ? 'sign-in' : isPayerPage(request, path) ? 'pay' : undefined)
    if (page && !/\.\w+$/.test(path)) request.url = `/${page}/index.html`
    if (isOfWisp(path) && !page) proxy(request, response)
    else next()
  }
  await vite.listen()
  const address = vite.httpServer?.address()
  if (!address || typeof address === 'string') throw new Error('vite does not listen')
  return {
    url: `http://127.0.0.1:${address.port}`,
    forwardTo: (to: string) => {
      target = to
    },
    async close() {
      await vite.close()
      rmSync(cacheDir, { recursive: true, force: true })
    },
  }
}

/** Notifications, tickets and what WeChat leads back to are for the server. */
function isPayerPage({ method, url = '' }: Connect.IncomingMessage, path: string): boolean {
  const isForServer = path === '/pay/openid' || /[?&](jessionId|ticket)=/.test(url)
  return method === 'GET' && path.startsWith('/pay/') && !isForServer
}

/** What the server answers itself; sources are served from the root of web/. */
function isOfWisp(path: string): boolean {
  return (
    path === '/' ||
    /^\/(web|pay|signin|api|admin|sdk|docs|openapi\.json|healthz|readyz|metrics)(\/|$)/.test(path)
  )
}
