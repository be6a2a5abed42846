import { until } from '../../../test/until.ts'
import type { Core } from '../../platform/core.ts'

/** The open alerts of one cause, as they are stored. */
const openOf = ({ db }: Core, cause: string) =>
  db.selectFrom('alert').selectAll().where('cause', '=', cause).where('ended_at', 'is', null).execute()

/** An alert of this cause is opened although nobody runs the job that looks every five minutes. */
export const begins = (ctx: Core, cause: string) =>
  until(`an alert: ${cause}`, async () => (await openOf(ctx, cause)).length > 0)

export const ends = (ctx: Core, cause: string) =>
  until(`no alert any more: ${cause}`, async () => (await openOf(ctx, cause)).length === 0)
