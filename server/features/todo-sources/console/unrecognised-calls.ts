import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { flag, optionalText } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId, several } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { Sources } from '../catalog.ts'
import { type Reason, reasons } from '../reason.ts'
import { dismiss, type ReplayNeeds, replayAll, replayOne } from '../replay.ts'
import { sourceKinds } from '../source.ts'
import { listUnrecognised, type UnrecognisedItem } from '../unrecognised/store.ts'

type NamingNeeds = Core & { apps: Apps; sources: Sources }

const names = Object.keys(reasons) as Reason[]

const rowSchema = Type.Object({
  id: Type.Number(),
  sourceId: Type.String(),
  sourceName: Type.String(),
  kind: Type.Enum([...sourceKinds]),
  call: Type.String(),
  reason: Type.Enum(names),
  why: Type.String(),
  about: Type.String(),
  /** Of the to-do, as far as it can be read. */
  title: Type.String(),
  times: Type.Number(),
  firstAt: Type.String(),
  lastAt: Type.String(),
  /** What came: its fields as JSON, or the body that could not be read. */
  content: Type.String(),
})
export type UnrecognisedRow = Static<typeof rowSchema>

const titles = ['requestname', 'title', 'subject', 'messageContent']

function titleOf(item: UnrecognisedItem['item']): string {
  const title = titles.map(name => item?.[name]).find(value => typeof value === 'string')
  return typeof title === 'string' ? title.slice(0, 200) : ''
}

const filterInput = {
  source: optionalText('来源', { max: 64 }),
  reason: several('原因', names),
  words: optionalText('内容的一部分', { max: 64 }),
  waiting: flag('1：也要还在等待其待办的'),
}

type Filter = {
  source: string | undefined
  reason: readonly Reason[] | undefined
  words: string | undefined
  waiting: boolean
}

function filterOf({ source, reason, words = '', waiting }: Filter) {
  return { sourceId: source, reason, words, isWithoutWaiting: !waiting }
}

export const listUnrecognisedCall = pageCall({
  method: 'GET',
  path: '/web/todos/unrecognised',
  access: administrator('super'),
  point: 'todo:read',
  input: { ...filterInput, ...paging },
  output: Type.Object({ list: Type.Array(rowSchema), total: Type.Number() }),
  async handle(ctx: NamingNeeds, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const { list, total } = await listUnrecognised(ctx.db, corpId, filterOf(input), pageOf(input))
    return {
      total,
      list: list.map(one => {
        const { id, sourceId, call, reason, about, times, firstAt, lastAt, item, body } = one
        const source = ctx.sources.get(corpId, sourceId)
        return {
          id,
          sourceId,
          sourceName: source.name,
          kind: source.kind,
          call,
          reason,
          about,
          times,
          why: wordsIn(language, reasons[reason]),
          title: titleOf(item),
          firstAt: firstAt.toISOString(),
          lastAt: lastAt.toISOString(),
          content: item === null ? body : JSON.stringify(item, null, 2),
        }
      }),
    }
  },
})

const replayed = Type.Object({ applied: Type.Number(), left: Type.Number() })

export const replayUnrecognisedCall = pageCall({
  method: 'POST',
  path: '/web/todos/unrecognised/replay',
  access: administrator('super'),
  point: 'todo:settings',
  directory: true,
  input: { id: requiredId('推送') },
  output: replayed,
  handle: (ctx: ReplayNeeds, { input, visitor, corpId }) => replayOne(ctx, visitor.actor, corpId, input.id),
})

export const replayAllUnrecognisedCall = pageCall({
  method: 'POST',
  path: '/web/todos/unrecognised/replay-all',
  access: administrator('super'),
  point: 'todo:settings',
  directory: true,
  input: filterInput,
  output: replayed,
  handle: (ctx: ReplayNeeds, { input, visitor, corpId }) =>
    replayAll(ctx, visitor.actor, corpId, filterOf(input)),
})

export const dismissUnrecognisedCall = pageCall({
  method: 'POST',
  path: '/web/todos/unrecognised/dismiss',
  access: administrator('super'),
  point: 'todo:settings',
  input: { id: requiredId('推送') },
  output: Type.Object({}),
  async handle(ctx: NamingNeeds, { input, visitor, corpId }) {
    await dismiss(ctx, visitor.actor, corpId, [input.id])
    return {}
  },
})
