import Fastify, { type FastifyInstance } from 'fastify'

/** What the guided tour hears of: somebody signed in to the application, or was signed out of it by wisp. */
export type SignInStep = 'oidc' | 'cas' | 'oidc-out' | 'cas-out'

export interface RunningSample {
  /** Without a slash at the end. */
  url: string
  close(): Promise<void>
}

export interface ListenOptions {
  port: number
  host: string
  onStep: (step: SignInStep) => void
}

/** An application that reads forms, as logouts are told by them. */
export function newApp(): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  return app
}

export const timeoutMs = 15_000
