import type { IncomingHttpHeaders } from 'node:http'
import { readJson } from '../../platform/http/bodies/read-json.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Words } from '../../platform/words.ts'

/** The revision without a handshake, in which each request says in `_meta` what it needs. */
const modern = '2026-07-28'
/** Revisions that begin with `initialize`. Those before them had batches, which are not taken here. */
const legacy = ['2025-11-25', '2025-06-18'] as const
export const supportedVersions: readonly string[] = [modern, ...legacy]

export const rpcCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
} as const

type Options = { status?: number; data?: unknown; id?: RpcId | undefined; headers?: Record<string, string> }

/** An answer that is an error of JSON-RPC. What a caller did wrong in a call of the API has its retCode as `code`. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly words: Words | string
  /** HTTP status; 400 unless given. */
  readonly status: number
  readonly data: unknown
  readonly id: RpcId | undefined
  readonly headers: Record<string, string>

  constructor(code: number, words: Words | string, options: Options = {}) {
    super(typeof words === 'string' ? words : words.en)
    this.code = code
    this.words = words
    this.status = options.status ?? 400
    this.data = options.data
    this.id = options.id
    this.headers = options.headers ?? {}
  }
}

export type RpcId = string | number
/** A request; without an id it is a notification, which nobody answers. */
export type Message = { id: RpcId | undefined; method: string; params: Record<string, unknown> }

/** Reads the one message of a request's body. Throws RpcError. */
export function readMessage(body: Buffer): Message {
  const value = parse(body)
  if (Array.isArray(value))
    throw new RpcError(rpcCodes.invalidRequest, {
      zh: '不支持批量消息，请逐条发送',
      en: 'batches are not taken: send one message at a time',
    })
  if (!isObject(value)) throw notAMessage()
  const { id, method, params = {} } = value
  const known = typeof id === 'string' || Number.isSafeInteger(id) ? (id as RpcId) : undefined
  if (value['jsonrpc'] !== '2.0' || typeof method !== 'string' || ('id' in value && known === undefined))
    throw notAMessage(known)
  if (!isObject(params))
    throw new RpcError(
      rpcCodes.invalidParams,
      { zh: 'params 应为 JSON 对象', en: 'params should be a JSON object' },
      { id: known },
    )
  return { id: known, method, params }
}

function parse(body: Buffer): unknown {
  try {
    return readJson(body)
  } catch (error) {
    if (error instanceof ApiError) throw new RpcError(rpcCodes.parseError, error.detail)
    throw error
  }
}

function notAMessage(id?: RpcId): RpcError {
  const words = {
    zh: '应为一条 JSON-RPC 2.0 请求：jsonrpc 为 "2.0"，id 为字符串或整数，method 为字符串',
    en: 'one JSON-RPC 2.0 request is expected: jsonrpc "2.0", id a string or an integer, method a string',
  }
  return new RpcError(rpcCodes.invalidRequest, words, { id })
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Checks what the headers say against the message, and tells whether it is of the revision without a handshake. */
export function isModern(message: Message, headers: IncomingHttpHeaders): boolean {
  const { method, params, id } = message
  const meta = isObject(params['_meta']) ? params['_meta'] : {}
  const declared = meta['io.modelcontextprotocol/protocolVersion']
  const version = textOf(headers['mcp-protocol-version'])
  if (version === undefined && declared === undefined && (method === 'initialize' || id === undefined))
    return false
  if (version === undefined) throw mismatch(`MCP-Protocol-Version (${supportedVersions.join(', ')})`, id)
  if (!supportedVersions.includes(version))
    throw new RpcError(
      rpcCodes.unsupportedVersion,
      `Unsupported protocol version: ${version.slice(0, 100)}`,
      {
        data: { supported: supportedVersions, requested: version.slice(0, 100) },
        id,
      },
    )
  if (declared !== undefined && declared !== version) throw mismatch('MCP-Protocol-Version', id)
  if (version !== modern || id === undefined) return version === modern
  if (declared === undefined || !isObject(meta['io.modelcontextprotocol/clientCapabilities']))
    throw new RpcError(
      rpcCodes.invalidParams,
      {
        zh: '_meta 应含 io.modelcontextprotocol/protocolVersion 和 io.modelcontextprotocol/clientCapabilities',
        en: '_meta needs io.modelcontextprotocol/protocolVersion and io.modelcontextprotocol/clientCapabilities',
      },
      { id },
    )
  if (textOf(headers['mcp-method']) !== method) throw mismatch('Mcp-Method', id)
  if (method === 'tools/call' && decoded(textOf(headers['mcp-name'])) !== params['name'])
    throw mismatch('Mcp-Name', id)
  return true
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header
}

/** Names that are no plain ASCII come as `=?base64?…?=`. */
function decoded(header: string | undefined): string | undefined {
  const encoded = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(header ?? '')?.[1]
  return encoded === undefined ? header : Buffer.from(encoded, 'base64').toString()
}

function mismatch(header: string, id: RpcId | undefined): RpcError {
  const words = {
    zh: `请求头 ${header} 缺失，或与消息不符`,
    en: `the header ${header} is missing, or does not match the message`,
  }
  return new RpcError(rpcCodes.headerMismatch, words, { id })
}

/** The revision in which a client that begins with `initialize` is served: its own, if that is possible. */
export function negotiated(wanted: unknown): string {
  return legacy.find(version => version === wanted) ?? legacy[0]
}
