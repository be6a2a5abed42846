import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'playwright-core'
import { until } from '../until.ts'

/** A small application of somebody else, on an origin of its own. */
export type AppServer = {
  origin: string
  /** Paths with queries, as they were asked for. */
  asked: string[]
  close(): Promise<void>
}

export type AppServerOptions = {
  /** Stands in the head of each page. */
  head?: string
  /** What `/config` answers as JSON. */
  config?: (query: URLSearchParams) => Promise<unknown>
}

/**
 * Pages: any path says where it is, and its buttons post what the test wrote into the field; `/slow` never answers;
 * `/broken` answers 500; `/unframed` forbids frames; `/quiet` closes itself when pressed.
 */
export async function startAppServer(
  wispUrl: () => string,
  { head = '', config }: AppServerOptions = {},
): Promise<AppServer> {
  const asked: string[] = []
  const open = new Set<ServerResponse>()
  const server: Server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    asked.push(path)
    if (path.startsWith('/slow')) {
      open.add(response)
      return
    }
    if (config && path.startsWith('/config?')) {
      response.setHeader('content-type', 'application/json; charset=utf-8')
      response.end(JSON.stringify(await config(new URL(path, 'http://app').searchParams)))
      return
    }
    if (path.startsWith('/broken')) response.statusCode = 500
    if (path.startsWith('/unframed')) response.setHeader('x-frame-options', 'DENY')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(pageOf(path, wispUrl(), head))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      for (const response of open) response.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function pageOf(path: string, wispUrl: string, head: string): string {
  const where = path.split('?', 1)[0] ?? ''
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>示例</title>
<meta name="viewport" content="width=device-width, initial-scale=1">${head}</head>
<body style="font-family:sans-serif;padding:16px"><h1>页面 ${where}</h1>
<p id="ticket"></p><p id="result"></p>
<button id="close" onclick="parent.postMessage(null, '*')">关闭弹窗</button>
<script type="module">
import * as wisp from '${wispUrl}/sdk/wisp.js'
window.wisp = wisp
document.getElementById('ticket').textContent = await wisp.getTicket().catch(error => error.code)
</script></body></html>`
}

/** The frame of an app's page, once its script has run. */
export async function appFrame(page: Page, path: string): Promise<Frame> {
  const frame = await until(`a frame of ${path}`, () =>
    page.frames().find(one => new URL(one.url(), 'http://x').pathname === path),
  )
  await frame.waitForFunction('window.wisp !== undefined')
  return frame
}

export const post = (frame: Frame, data: unknown) =>
  frame.evaluate(`window.parent.postMessage(${JSON.stringify(data)}, '*')`)
