import type { Core } from '../../../platform/core.ts'
import { type AttemptLimit, countAttempt, countsOf } from '../../../platform/security/counters.ts'
import type { Source } from '../source.ts'
import type { SourceRequest } from './asked.ts'

/** Of one source and address. Right passwords are not counted, so that whoever guesses keeps no sender out who comes from elsewhere. */
const wrongPasswords: AttemptLimit = {
  purpose: 'todo-source-password',
  atMost: 20,
  windowMs: 600_000,
}

const subjectOf = ({ corpId, id }: Source, { address }: SourceRequest) => ({ corpId, of: `${id} ${address}` })

export async function attemptedTooOften(ctx: Core, source: Source, asked: SourceRequest): Promise<boolean> {
  if (source.password === '') return false
  const since = new Date(ctx.now() - wrongPasswords.windowMs)
  const [counted] = await countsOf(ctx, wrongPasswords, [subjectOf(source, asked)], since)
  return (
    counted !== undefined &&
    counted.count >= wrongPasswords.atMost &&
    counted.beganAt.getTime() + wrongPasswords.windowMs > ctx.now()
  )
}

export async function noteAttempt(ctx: Core, source: Source, asked: SourceRequest): Promise<void> {
  await countAttempt(ctx, wrongPasswords, subjectOf(source, asked))
}
