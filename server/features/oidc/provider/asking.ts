import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { SignInPage } from '../../app-sign-in/pages/page.ts'

/** What the library does not know of a request that it answers. `visitor`: the member of this corp who is signed in to wisp. */
export type RequestContext = {
  request: FastifyRequest
  visitor: MemberVisitor | undefined
  /** Set by whoever has something to say to a person: it is sent in the place of the library's answer. */
  page?: SignInPage
}

export type MemberVisitor = Visitor & { member: NonNullable<Visitor['member']> }

const askings = new WeakMap<IncomingMessage, RequestContext>()

export function noteAsking(message: IncomingMessage, asking: RequestContext): RequestContext {
  askings.set(message, asking)
  return asking
}

export function askingOf({ req }: { req: IncomingMessage }): RequestContext {
  const asking = askings.get(req)
  if (!asking) throw new Error('a request that wisp did not pass on')
  return asking
}

/** Returns the visitor if they are a member of this corp. */
export function memberOfCorp(visitor: Visitor | undefined, corpId: string): MemberVisitor | undefined {
  return visitor?.member && visitor.corpId === corpId ? (visitor as MemberVisitor) : undefined
}

/** Returns the id by which applications identify a person; it outlives renames. */
export function subOf({ id }: { id: number }): string {
  return String(id)
}
