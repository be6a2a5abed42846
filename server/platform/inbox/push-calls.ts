import { type Static, type TProperties, Type } from 'typebox'
import type { Core } from '../core.ts'
import { ApiError } from '../http/errors.ts'
import type { PageAccess } from '../http/gate.ts'
import { type Fields, optionalNumbers, optionalText, optionalTime, type Values } from '../http/input.ts'
import { orderOf, pageOf, paging, requiredId, several, sorting } from '../http/list-input.ts'
import type { CallsAbout } from '../http/pages/calls-about.ts'
import { told } from '../http/told.ts'
import type { Visitor } from '../http/visitor.ts'
import type { Queue } from '../queue/queue.ts'
import { type Language, languageOf } from '../words.ts'
import { changeTypes, countEvents, type EventFilter, eventOrders, eventStates } from './event-list-store.ts'
import { pushContents } from './push-store.ts'
import type { Pushes } from './pushes.ts'
import { replayChosen, replayFiltered } from './replay.ts'

type Needs = Core & { queue: Queue }

const idsAtMost = 1000

const filterInput = {
  state: several('状态', eventStates),
  kind: optionalText('消息类型或事件', { max: 64 }),
  text: optionalText('是谁，或内容中的文字', { max: 128 }),
  from: optionalTime('不早于，ISO 时间'),
  to: optionalTime('早于，ISO 时间'),
}

function filterOf(given: Values<typeof filterInput>, language: Language): EventFilter {
  const { state, kind, text, from, to } = given
  const sought = text === undefined ? undefined : { sought: text, language }
  return { state, from, to, changeType: kind, text: sought }
}

/** What one push shows of its answer, beside what all show. */
export type ShownAnswer<T extends TProperties> = {
  fields: T
  read(answer: unknown, language: Language): { [K in keyof T]: Static<T[K]> }
}

/**
 * Returns the calls with which administrators look at the pushes of these things and have them processed again. They throw
 * ApiError 1000 for a push that does not exist.
 */
export function pushCalls<
  B extends `/web/${string}`,
  F extends Fields,
  A extends PageAccess,
  C,
  O,
  P extends string,
  T extends TProperties,
>(call: CallsAbout<B, F, A, C, O>, pushes: Pushes<O, P>, answered: ShownAnswer<T>) {
  const { stream, keyOf, rowFields, pushesOf, pushReplay } = pushes
  const actorOf = ({ visitor }: { visitor: unknown }) => (visitor as Visitor).actor
  return [
    call({
      method: 'GET',
      path: '/pushes',
      right: 'inspect',
      input: { ...filterInput, ...paging, sort: sorting },
      output: Type.Object({
        list: Type.Array(Type.Object(rowFields)),
        total: Type.Number(),
        /** Id of the newest matching push. A replay of all matches passes it, so that later ones are not included. */
        lastId: Type.Number(),
        kinds: Type.Array(Type.String()),
      }),
      async handle(ctx: Needs, { input, of, request }) {
        const language = languageOf(request.headers['accept-language'])
        const { corpId, account } = keyOf(of)
        const filter = filterOf(input, language)
        const page = { ...pageOf(input), order: orderOf(input.sort, eventOrders, '-id') }
        const [list, counted, kinds] = await Promise.all([
          pushesOf(ctx.db, of, filter, language, page),
          countEvents(ctx.db, corpId, stream, { ...filter, account }),
          changeTypes(ctx.db, corpId, stream, { account }),
        ])
        return { list, ...counted, kinds } as never
      },
    }),
    call({
      method: 'GET',
      path: '/push',
      right: 'inspect',
      input: { id: requiredId('推送编号') },
      output: Type.Object({
        ...rowFields,
        /** As the vendor sent it: the encrypted part, if it is encrypted. */
        raw: Type.String(),
        /** Decrypted. */
        plain: Type.String(),
        ...answered.fields,
      }),
      async handle(ctx: Needs, { input: { id }, of, request }) {
        const { corpId, account } = keyOf(of)
        const language = languageOf(request.headers['accept-language'])
        const [[row], found] = await Promise.all([
          pushesOf(ctx.db, of, { ids: [id] }, language, { limit: 1, offset: 0 }),
          pushContents(ctx.db, corpId, account, id),
        ])
        if (!row || !found)
          throw new ApiError('badParameter', {
            zh: told`没有推送 ${id}：编号不对，或已过保留期`,
            en: told`there is no push ${id}: the id is wrong, or its retention is over`,
          })
        const contents = { raw: found.raw ?? '', plain: found.plain ?? '' }
        return { ...row, ...contents, ...answered.read(found.answer, language) } as never
      },
    }),
    ...replayCalls(call, actorOf, pushReplay),
  ] as const
}

function replayCalls<B extends `/web/${string}`, F extends Fields, A extends PageAccess, C, O>(
  call: CallsAbout<B, F, A, C, O>,
  actorOf: (given: { visitor: unknown }) => string,
  pushReplay: Pushes<O, string>['pushReplay'],
) {
  const output = Type.Object({ count: Type.Number() })
  return [
    call({
      method: 'POST',
      path: '/push/replay',
      right: 'replay',
      input: { ids: optionalNumbers('推送编号', { max: idsAtMost }) },
      output,
      async handle(ctx: Needs, given) {
        const replaying = pushReplay(ctx, actorOf(given), given.of)
        return { count: await replayChosen(ctx, replaying, given.input.ids) }
      },
    }),
    call({
      method: 'POST',
      path: '/push/replay-filtered',
      right: 'replay',
      input: {
        ...filterInput,
        upTo: requiredId('列表中最新的推送编号'),
        expected: requiredId('将重放的个数'),
      },
      output,
      async handle(ctx: Needs, given) {
        const { upTo, expected, ...filter } = given.input
        const language = languageOf(given.request.headers['accept-language'])
        const replaying = pushReplay(ctx, actorOf(given), given.of)
        const within = { ...filterOf(filter, language), upTo }
        return { count: await replayFiltered(ctx, replaying, within, expected) }
      },
    }),
  ] as const
}
