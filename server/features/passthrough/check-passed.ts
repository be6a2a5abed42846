import { checkStructure } from '../../platform/http/bodies/json-structure.ts'
import { parseJson } from '../../platform/http/bodies/read-json.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { isForm, type OutgoingCall } from '../../platform/http/passthrough/passthrough.ts'
import type { RawQuery } from '../../platform/http/passthrough/raw-address.ts'
import { own, told } from '../../platform/http/told.ts'
import { ownTurn } from '../../platform/operation/own-turn.ts'
import { formFields } from './form-fields.ts'
import type { GivenName } from './given-name.ts'
import { jsonNames } from './json-names.ts'

/** Bodies of more bytes than this are read in turns of their own, one for each step. */
const takesTurnAbove = 16_384
/** Vendors take lists of thousands; beyond that a body holds everybody else. */
const elementsAtMost = 20_000

/**
 * What must not be in query or body: a token of either side, and another agent than the one in whose name the call is made
 * (`agentId`; undefined where there is none). What else is there, is between the developer and the vendor. Throws 1000.
 */
export async function checkPassed({ query, body }: OutgoingCall, agentId: number | undefined): Promise<void> {
  checkQuery(query, agentId)
  if (!body) return
  for (const given of await namesIn(body)) checkName(given, agentId)
}

/** The part of it that can be decided before the body is read. */
export function checkQuery({ pairs }: RawQuery, agentId: number | undefined): void {
  for (const [name, value] of pairs) checkName({ name, value }, agentId)
}

async function namesIn({ type, bytes }: { type: string; bytes: Buffer }): Promise<GivenName[]> {
  if (isForm(type)) return formFields(type, bytes)
  const turn = bytes.length > takesTurnAbove ? ownTurn : () => undefined
  await turn()
  checkStructure(bytes, elementsAtMost)
  await turn()
  const value = parseJson(bytes)
  await turn()
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError('badParameter', { zh: '请求体应为 JSON 对象', en: 'the body should be a JSON object' })
  return jsonNames(bytes, refusedLetters)
}

/** With which the names begin that `checkName` refuses. */
const refusedLetters = 'ad'

function checkName({ name, value }: GivenName, agentId: number | undefined): void {
  const plain = name.trim().toLowerCase()
  if (/^access_?token\b/.test(plain)) throw tokenGiven('access_token')
  if (plain === 'devtoken') throw devTokenGiven()
  if (agentId === undefined || !/^agent_?id$/.test(plain)) return
  if (value?.trim() !== String(agentId)) throw otherAgent(name, agentId)
}

function tokenGiven(name: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`不要给出 ${own(name)}：由平台加上`,
    en: told`leave out ${own(name)}: the platform adds it`,
  })
}

function devTokenGiven(): ApiError {
  return new ApiError('badParameter', {
    zh: '代调用的 devToken 只能放在地址或 Authorization 头里，不能放在请求体中：请求体原样发给上游',
    en: 'the devToken of a call that is passed on belongs in the query or the Authorization header: the body goes to the vendor as it is',
  })
}

function otherAgent(name: string, agentId: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`${name} 应为 ${own(agentId)}，与 agentId 所指的应用相同`,
    en: told`${name} should be ${own(agentId)}, the application that agentId means`,
  })
}
