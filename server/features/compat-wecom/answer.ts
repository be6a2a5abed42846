import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../platform/http/errors.ts'
import type { ToldWords } from '../../platform/http/told.ts'
import { languageAsked } from '../../platform/words.ts'
import { Refusal } from '../channels/telling.ts'

/**
 * What is answered, with WeCom's own texts (docs/upstream/wecom-calls.md#errcodes-of-tokens-and-permissions,
 * docs/upstream/wecom-messages.md#errcodes-of-messages).
 */
const errcodes = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40032: 'invalid userid list size',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'secret missing',
  41005: 'media data missing',
  41010: 'missing url',
  41011: 'missing agentid',
  41016: 'missing title',
  41033: 'missing description',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44001: 'empty media data',
  44002: 'empty post data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'api freq out of limit',
  47001: 'data format error',
  48002: 'api forbidden',
  50003: 'app is disabled',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  81013: 'user & party & tag all invalid',
  82001: 'no touser, toparty and totag',
  82002: 'party list size out of limit',
  82003: 'tag list size out of limit',
  301002: 'no right to access agent',
} as const
export type Errcode = keyof typeof errcodes

/** Ids that are not receivers, joined by `|`. */
export type InvalidLists = { invaliduser: string; invalidparty: string; invalidtag: string }

/** A refusal in WeCom's words; `failure` is the same in wisp's, for the request log and at the end of errmsg. */
export class CompatRefusal extends Error {
  override readonly name = 'CompatRefusal'
  readonly errcode: number
  readonly failure: ApiError
  readonly lists: InvalidLists | undefined

  constructor(errcode: number, failure: ApiError, lists?: InvalidLists) {
    super(failure.message)
    this.errcode = errcode
    this.failure = failure
    this.lists = lists
  }
}

/** A refusal of an input. */
export function refused(errcode: Errcode, words: ToldWords): CompatRefusal {
  return new CompatRefusal(errcode, new ApiError('badParameter', words))
}

/** By these SDKs ask for another access_token, which does not help when wisp's own was refused. */
const ofTokens: readonly number[] = [40001, 40014, 41001, 42001]

/** What wisp or WeCom itself was not set up for. */
export const notConfigured = 50003

/** WeCom's code of a failure. What WeCom itself said to wisp keeps its code. */
export function errcodeOf(error: ApiError): number {
  if (error instanceof Refusal) {
    const { reason } = error
    const said = typeof reason === 'object' && 'errcode' in reason ? Number(reason['errcode']) : 0
    return said !== 0 && !ofTokens.includes(said) ? said : notConfigured
  }
  if (error.status === 413) return 45002
  if (error.status === 408) return -1
  if (error.error === 'forbidden' && error.mend && 'scope' in error.mend) return 60011
  return usual[error.error]
}

const usual: Record<ApiError['error'], Errcode> = {
  badParameter: 40058,
  missingParameter: 40058,
  unknownDeveloper: 40056,
  wrongSecret: 40001,
  deadToken: 40014,
  unknownDepartment: 81013,
  unknownTag: 81013,
  unknownMember: 81013,
  messageCentre: notConfigured,
  forbidden: 48002,
  tooManyRequests: 45009,
  upstream: -1,
  deadTicket: 40014,
  unavailable: -1,
  internal: -1,
}

/** Text, hint, address: as WeCom builds it (docs/upstream/wecom-calls.md#answers). The hint finds the call in the request log. */
function errmsgOf(request: FastifyRequest, errcode: number, failure: ApiError): string {
  const text = (errcodes as Record<number, string>)[errcode] ?? 'refused by WeCom'
  const why = failure.messageIn(languageAsked(request))
  return `${text}, hint: [${request.id}], from ip: ${request.ip}, more info: ${why}`
}

/** Returns the lists of a response; empty ones are left out. Userids are in lower case, as WeCom returns them. */
export function listsOf({ invaliduser, invalidparty, invalidtag }: InvalidLists): object {
  const lists = { invaliduser: invaliduser.toLowerCase(), invalidparty, invalidtag }
  return Object.fromEntries(Object.entries(lists).filter(([, ids]) => ids !== ''))
}

/** The whole answer of a refusal. */
export function refusalOf(
  request: FastifyRequest,
  { errcode, failure, lists }: CompatRefusal,
): Record<string, unknown> {
  return { errcode, errmsg: errmsgOf(request, errcode, failure), ...(lists && listsOf(lists)) }
}
