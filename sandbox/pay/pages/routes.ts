import type { FastifyInstance } from 'fastify'
import { filesIn, sendFile, sendPage } from '../../http/send-page.ts'

const dir = import.meta.dirname

/** The payment dialog, the page of an h5_url, and the merchants' console. */
export function routePayPages(app: FastifyInstance): void {
  const files = filesIn(dir)
  // The pages of merchants have it in a frame.
  app.get('/pay/dialog', (_request, reply) => sendPage(reply, dir, 'dialog.html', { ancestors: '*' }))
  app.get('/pay/desk', (_request, reply) => sendPage(reply, dir, 'desk.html'))
  app.get('/pay/h5', (_request, reply) => sendPage(reply, dir, 'h5.html'))
  app.get<{ Params: { file: string } }>('/pages/pay/:file', (request, reply) =>
    sendFile(reply, dir, files, request.params.file),
  )
}
