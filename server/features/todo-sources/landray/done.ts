import { type ApplyNeeds, applyItems, type Result } from '../apply/apply.ts'
import { NotUnderstood, reasons } from '../reason.ts'
import type { SourceRequest } from '../receive/asked.ts'
import { isPassword } from '../receive/credentials.ts'
import type { Item } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import { getTodo, getTodoCount, getTodoTargets } from './ask.ts'
import { type LandrayCall, landrayReader } from './read.ts'

/** 0: nothing was there to be done; 1: refused, with why; 2: done, with what was asked for. */
export type LandrayAnswer = { returnState: 0 | 1 | 2; message: string }

/** Asking changes nothing, so that what is wrong with it is not kept. */
export async function done(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  call: LandrayCall,
  item: Item,
): Promise<LandrayAnswer> {
  if (call === 'getTodo' || call === 'getTodoCount' || call === 'getTodoTargets')
    try {
      const ask = { getTodo, getTodoCount, getTodoTargets }[call]
      return { returnState: 2, message: await ask(ctx, source, item) }
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error
      return failed(error)
    }
  const [result] = await applyItems(ctx, source, landrayReader, call, [item])
  return answerOf(result!)
}

function answerOf({ outcomes, refusals }: Result): LandrayAnswer {
  if (refusals.length > 0)
    return { returnState: 1, message: refusals.map(why => failed(why).message).join('；') }
  const isNothing = outcomes.every(one => one === 'absent')
  return isNothing ? { returnState: 0, message: '待办不存在' } : { returnState: 2, message: '' }
}

export function failed({ reason, about }: NotUnderstood): LandrayAnswer {
  return { returnState: 1, message: `${reasons[reason].zh}${about === '' ? '' : `：${about}`}` }
}

export type Credentials = { user: string; password: string }

export function isProved(ctx: ApplyNeeds, source: SourceOfApp, given: Credentials | undefined): boolean {
  return (
    source.password === '' || (given !== undefined && isPassword(ctx, source, given.user, given.password))
  )
}

export function basicOf({ headers }: SourceRequest): Credentials | undefined {
  const [, encoded] = /^basic\s+([\w+/=-]+)$/i.exec(headers.authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
