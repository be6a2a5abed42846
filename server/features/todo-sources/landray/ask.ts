import type { ApplyNeeds } from '../apply/apply.ts'
import type { Names } from '../apply/change.ts'
import { flowOf } from '../apply/flow.ts'
import { personsOf } from '../apply/persons.ts'
import { NotUnderstood } from '../reason.ts'
import { jsonIn } from '../receive/json.ts'
import { type Item, isItem, nameIn, textIn, timeIn } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import {
  type AskedTodo,
  askedTodos,
  countAsked,
  type LandrayType,
  landrayTypes,
  receiversOf,
  type TodoQuestion,
} from './store.ts'
import { targetsIn } from './targets.ts'

const rowsByDefault = 15
const rowsAtMost = 500

/** `message` of getTodo: JSON as a text. */
export async function getTodo(ctx: ApplyNeeds, source: SourceOfApp, item: Item): Promise<string> {
  const question = await questionOf(ctx, source, item, 'targets', typeIn(item, 'type'))
  const pageNo = whole(item, 'pageNo', 1, 1_000_000)
  const rowSize = whole(item, 'rowSize', rowsByDefault, rowsAtMost)
  const [count, rows] = await Promise.all([
    countAsked(ctx.db, question),
    askedTodos(ctx.db, question, { limit: rowSize, offset: (pageNo - 1) * rowSize }),
  ])
  if (rows.length === 0) return JSON.stringify({ errorPage: 'true', message: '没有待办' })
  return JSON.stringify({
    pageCount: Math.ceil(count / rowSize),
    pageno: pageNo,
    count,
    docs: rows.map(docOf),
  })
}

/** `message` of getTodoCount: a number for each type that is asked for. */
export async function getTodoCount(ctx: ApplyNeeds, source: SourceOfApp, item: Item): Promise<string> {
  const given = item['types'] ? jsonIn(item['types']) : [{ type: 0 }]
  const list: unknown[] = Array.isArray(given) ? given : [given]
  if (list.length > landrayTypes.length) throw new NotUnderstood('tooLong', 'types')
  const types = list.map(one => {
    if (!isItem(one)) throw new NotUnderstood('badField', 'types')
    return typeIn(one, 'type')
  })
  const name = item['target'] === undefined ? 'targets' : 'target'
  const counts: Record<string, number>[] = []
  for (const type of types)
    counts.push({ [type]: await countAsked(ctx.db, await questionOf(ctx, source, item, name, type)) })
  return JSON.stringify(counts)
}

/** `message` of getTodoTargets: who has it open, by the id of getTodo or by what the to-do was sent with. */
export async function getTodoTargets(ctx: ApplyNeeds, source: SourceOfApp, item: Item): Promise<string> {
  const { corpId, id } = source
  const fdId = textIn(item, 'fdId', 20)
  if (fdId !== '' && !/^\d{1,15}$/.test(fdId)) throw new NotUnderstood('badField', 'fdId')
  const receivers = await receiversOf(
    ctx.db,
    corpId,
    id,
    fdId === '' ? namedBy(item) : { todoId: Number(fdId) },
  )
  return JSON.stringify(receivers.map(receiver => ({ LoginName: receiver })))
}

function namedBy(item: Item): { flow: string; names: Names } {
  const [appName, modelName, modelId] = [
    textIn(item, 'appName', 300),
    nameIn(item, 'modelName'),
    nameIn(item, 'modelId'),
  ]
  return { flow: flowOf([appName, modelName, modelId]), names: conditionsOf([item]).names }
}

async function questionOf(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  item: Item,
  name: string,
  type: LandrayType,
): Promise<TodoQuestion> {
  const values = targetsIn(item, name).map(one => one.value)
  if (values.length === 0) throw new NotUnderstood('missing', name)
  const persons = await personsOf(ctx, source, values)
  const memberIds = values.map(value => {
    const person = persons.get(value)
    if (person === undefined || typeof person === 'string')
      throw new NotUnderstood(person === 'doubled' ? 'doubledReceiver' : 'unknownReceiver', value)
    return person.id
  })
  const given = item['otherCond'] ? jsonIn(item['otherCond']) : []
  const list: unknown[] = Array.isArray(given) ? given : [given]
  if (!list.every(isItem)) throw new NotUnderstood('badField', 'otherCond')
  return { corpId: source.corpId, sourceId: source.id, memberIds, type, ...conditionsOf(list) }
}

const named = ['appName', 'modelName', 'modelId', 'key', 'param1', 'param2'] as const

function conditionsOf(list: readonly Item[]) {
  const all: Item = Object.assign({}, ...list)
  const names = named.flatMap(name => {
    const value = textIn(all, name, 300)
    return value === '' ? [] : [[name, value] as const]
  })
  return {
    names: Object.fromEntries(names),
    subject: textIn(all, 'subject', 300),
    from: timeIn(all, 'beginTime'),
    until: timeIn(all, 'endTime'),
  }
}

function typeIn(item: Item, name: string): LandrayType {
  const given = textIn(item, name) || '0'
  const type = landrayTypes.find(one => one === given)
  if (!type) throw new NotUnderstood('badField', name)
  return type
}

function whole(item: Item, name: string, otherwise: number, atMost: number): number {
  const text = textIn(item, name)
  if (text === '') return otherwise
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text) || number < 1) throw new NotUnderstood('badField', name)
  return Math.min(number, atMost)
}

function docOf({ id, title, sender, priority, createdAt, pcUrl, mobileUrl, kind, names }: AskedTodo) {
  const { appName = '', modelName = '', modelId = '', key = '', param1 = '', param2 = '' } = names
  return {
    id: String(id),
    subject: title,
    type: Number(names['type'] ?? (kind === 'read' ? 2 : 1)),
    key,
    param1,
    param2,
    appName,
    modelName,
    moduleName: modelName,
    modelId,
    createTime: localTime(createdAt),
    creator: '',
    creatorName: sender,
    level: 3 - priority,
    link: pcUrl,
    mobileLink: mobileUrl,
    padLink: mobileUrl || pcUrl,
  }
}

/** yyyy-MM-dd HH:mm:ss in China. */
function localTime(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}
