import type { FastifyReply, FastifyRequest } from 'fastify'
import { checkOpen } from '../../organisation/corps/suspension/check-open.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { describeError } from '../../platform/operation/log.ts'
import { DatabaseAway } from '../../platform/storage/availability.ts'
import { languageOf, wordsIn } from '../../platform/words.ts'
import { sendClosed } from '../app-sign-in/pages/closed-page.ts'
import { sendSignInPage } from '../app-sign-in/pages/page.ts'
import { type Failure, type Format, plainAnswer, type Success, validationAnswer } from './answers.ts'
import { type LoginNeeds, login } from './login.ts'
import { type LogoutNeeds, logout } from './logout.ts'
import type { CasCall, CasPlace, CasPlaces } from './places.ts'
import { asked, isAsked } from './query.ts'
import { NotValidated, type ValidationNeeds, validate } from './validate.ts'

export type CasNeeds = LoginNeeds & LogoutNeeds & ValidationNeeds & { casPlaces: CasPlaces }

/** Undefined for an address at which no corp's CAS answers. */
export function answerCas(
  ctx: CasNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> | undefined {
  if (request.method !== 'GET') return undefined
  const found = ctx.casPlaces.find(request.host, request.url.split('?', 1)[0] ?? '')
  if (!found) return undefined
  const { place, call } = found
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  if (call === '')
    return asPage(ctx, request, reply, async () => reply.redirect(`${place.origin}${place.path}/login`, 303))
  if (call === 'logout') return asPage(ctx, request, reply, () => logout(ctx, place, request, reply))
  if (call === 'login') {
    const closure = ctx.corps.closureOf(place.corpId)
    if (closure) return sendClosed(ctx, request, reply, closure)
    return asPage(ctx, request, reply, () => login(ctx, place, request, reply))
  }
  return answerValidation(ctx, place, call, request, reply)
}

async function asPage(
  ctx: CasNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  step: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    ctx.availability.check()
    return await step()
  } catch (error) {
    const isAway = error instanceof DatabaseAway
    ctx.log[isAway ? 'warn' : 'error']({ requestId: request.id, ...describeError(error) }, 'CAS failed')
    if (isAway) reply.header('retry-after', '5')
    return sendSignInPage(ctx, request, reply, {
      status: isAway ? 503 : 500,
      title: isAway
        ? { zh: '服务暂时不可用', en: 'The service is not available' }
        : { zh: '系统出错', en: 'An internal error' },
      text: [{ zh: '请稍后再试。', en: 'Try again in a moment.' }],
      isNumbered: true,
    })
  }
}

/** HTTP 200 for failures as well: some clients take any other status for a broken server. */
async function answerValidation(
  ctx: CasNeeds,
  { corpId }: CasPlace,
  call: CasCall,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const version = call === 'validate' ? 1 : call.startsWith('p3/') ? 3 : 2
  const given = {
    service: asked(request, 'service'),
    ticket: asked(request, 'ticket'),
    renew: isAsked(request, 'renew'),
    version,
  } as const
  const outcome = await outcomeOf(ctx, request, corpId, () => validate(ctx, request, corpId, given))
  if (version === 1) return reply.type('text/plain; charset=utf-8').send(plainAnswer(outcome))
  const format: Format = asked(request, 'format')?.toUpperCase() === 'JSON' ? 'JSON' : 'XML'
  return reply
    .type(format === 'JSON' ? 'application/json; charset=utf-8' : 'application/xml; charset=utf-8')
    .send(validationAnswer(format, outcome))
}

async function outcomeOf(
  ctx: CasNeeds,
  request: FastifyRequest,
  corpId: string,
  work: () => Promise<Success>,
): Promise<Success | Failure> {
  const language = languageOf(request.headers['accept-language'])
  try {
    ctx.availability.check()
    checkOpen(ctx, corpId)
    return await work()
  } catch (error) {
    if (error instanceof ApiError) return { code: 'INTERNAL_ERROR', text: error.reasonIn(language) }
    if (error instanceof NotValidated) return { code: error.code, text: wordsIn(language, error.words) }
    ctx.log.error({ requestId: request.id, ...describeError(error) }, 'CAS ticket not validated')
    const text = { zh: `服务暂时不可用，编号 ${request.id}`, en: `not available, number ${request.id}` }
    return { code: 'INTERNAL_ERROR', text: wordsIn(language, text) }
  }
}
