import type { Operation } from '../../sdk/server/operation.ts'
import { takesFile } from '../../server/platform/http/bodies/file-input.ts'
import type { AnyEndpoint } from '../../server/platform/http/endpoint.ts'
import type { Schema } from './type-text.ts'

export type Declaration = Omit<AnyEndpoint<never>, 'handle'>

/**
 * POST calls that may be made again when nobody knows what became of the first: they only read, or end in the same. Every GET
 * may, and whatever takes a `requestId`.
 */
const repeatable: readonly string[] = [
  '/api/token/getDevToken',
  '/api/user/search',
  '/api/user/find',
  '/mobile/unifiedPay/AwaitPay/select',
  '/api/org/addTagUsers',
  '/api/org/removeTagUsers',
  // A bill's number is its creator's: the same bill again is the one that there is.
  '/api/pay/bill/create',
  '/api/pay/bill/close',
  '/api/webhook/update',
  // A type that equals its newest version stays as it is.
  '/api/message/type/put',
  // The same file under the same name keeps its id.
  '/api/message/media',
  // What is cancelled stays cancelled.
  '/api/message/cancel',
  // A row of a source replaces the row of its key.
  '/api/source/put',
  // App, number and person are one to-do, and the newest number of a tile is the one that counts.
  '/api/todo/put',
  '/api/todo/finish',
  '/api/todo/withdraw',
  '/api/todo/reconcile',
  '/api/badge/set',
  // What a chat has already is not changed again.
  '/api/chat/update',
  // A ticket of an inbox is stored nowhere.
  '/api/inbox/session',
]

const pageSize = 200

/** `/api/pay/bill/create` is `pay.bill.create`. */
export function nameOf(path: string): string {
  const parts = path.split('/').slice(2)
  return parts.map(part => part.charAt(0).toLowerCase() + part.slice(1)).join('.')
}

/** The same as the beginning of a type's name: `PayBillCreate`. */
export function typeNameOf(path: string): string {
  return nameOf(path)
    .split('.')
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

export function operationOf(declared: Declaration): Operation {
  const { path, methods, access, input } = declared
  // Secrets and tickets do not belong in addresses.
  const method = methods.includes('POST') ? 'POST' : 'GET'
  const pages = pagesOf(declared)
  const isPost = method !== 'GET'
  const repeats = isPost && 'requestId' in input ? { key: 'requestId' } : !isPost || repeatable.includes(path)
  const isForm = takesFile(input)
  return {
    method,
    path,
    takesToken: access.by === 'developer',
    repeats,
    ...(pages ? { pages } : {}),
    ...(isForm ? { isForm } : {}),
  }
}

function pagesOf({ input, output }: Declaration): Operation['pages'] {
  const properties = (output as Schema).properties ?? {}
  if (properties['list'] === undefined) return undefined
  if ('pageNo' in input && 'pageSize' in input) return { by: 'pageNo', size: pageSize }
  const next = Object.keys(properties).find(name => /^next([A-Z]|$)/.test(name))
  if (!next) return undefined
  const rest = next.slice('next'.length)
  const names = rest ? [`after${rest}`, rest.charAt(0).toLowerCase() + rest.slice(1)] : ['before']
  const cursor = names.find(name => name in input)
  return cursor ? { by: 'cursor', input: cursor, output: next } : undefined
}
