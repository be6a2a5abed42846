import type { TodoContent } from '../../todos/todo.ts'
import type { Names, PutChange, StateChange, TodoChange } from '../apply/change.ts'
import type { Reader } from '../apply/reader.ts'
import { todoNoOf } from '../apply/todo-no.ts'
import { NotUnderstood } from '../reason.ts'
import { addressesOf } from '../receive/addresses.ts'
import { jsonIn, readLooseJson } from '../receive/json.ts'
import { type Item, isItem, line, nameIn, textIn, timeIn, titleIn } from '../receive/values.ts'
import { childrenOf, readXml } from '../receive/xml.ts'
import type { SourceOfApp } from '../source.ts'
import { onlyTarget, targetsIn } from './targets.ts'

/** Calls by their names in lower case; the last three only ask (docs/upstream/oa-todos.md#蓝凌-calls). */
export const landrayCalls = {
  sendtodo: 'sendTodo',
  deletetodo: 'deleteTodo',
  settododone: 'setTodoDone',
  updatetodo: 'updateTodo',
  gettodo: 'getTodo',
  gettodocount: 'getTodoCount',
  gettodotargets: 'getTodoTargets',
} as const

export type LandrayCall = (typeof landrayCalls)[keyof typeof landrayCalls]

export const landrayReader: Reader = {
  parse: (_call, body) => [itemOfBody(body)],
  read(source, call, item): TodoChange {
    if (call === 'sendTodo') return sent(source, item)
    return call === 'updateTodo' ? update(source, item) : ending(source, call as LandrayCall, item)
  },
  only: onlyTarget,
}

/** JSON, or the envelope of SOAP. */
function itemOfBody(body: string): Item {
  if (!body.trimStart().startsWith('<')) return itemOfJson(body)
  const { Body } = childrenOf(readXml(body).value)
  const [operation] = Object.values(childrenOf(Body))
  return childrenOf(Object.values(childrenOf(operation))[0])
}

export function itemOfJson(body: string): Item {
  const value = readLooseJson(body)
  if (!isItem(value)) throw new NotUnderstood('badBody', 'JSON')
  return value
}

/** What all calls about a to-do name. Without `appName` it is EKP's own. */
function documentOf(
  { systems }: SourceOfApp,
  item: Item,
): [appName: string, modelName: string, modelId: string] {
  const appName = textIn(item, 'appName', 300)
  if (systems.length > 0 && !systems.includes(appName)) throw new NotUnderstood('unknownSystem', appName)
  return [appName, nameIn(item, 'modelName'), nameIn(item, 'modelId')]
}

const distinguishing = ['key', 'param1', 'param2'] as const

/** 1 to approve, 2 to read, 3 put off: 1 and 3 are the same to-do, and one to read stands beside it. */
function typeOf(item: Item): '' | '1' | '2' | '3' {
  const type = textIn(item, 'type')
  if (type === '' || type === '1' || type === '2' || type === '3') return type
  throw new NotUnderstood('badField', 'type')
}

function sent(source: SourceOfApp, item: Item): PutChange {
  const document = documentOf(source, item)
  const [appName, modelName, modelId] = document
  const [key, param1, param2] = distinguishing.map(name => textIn(item, name, 300)) as [
    string,
    string,
    string,
  ]
  const type = typeOf(item) || '1'
  const is = type === '2' ? 'read' : 'todo'
  const receivers = targetsIn(item, 'targets').map(one => one.value)
  if (receivers.length === 0) throw new NotUnderstood('missing', 'targets')
  const [creator] = targetsIn(item, 'docCreator')
  const content: TodoContent = {
    kind: is,
    state: 'open',
    title: titleIn(item, 'subject'),
    ...addressesOf(textIn(item, 'link'), textIn(item, 'mobileLink') || textIn(item, 'padLink'), source),
    sender: '',
    process: processOf(appName, modelName),
    step: nodeIn(item),
    content: '',
    priority: priorityOf(item),
    dueAt: null,
    finishBy: is === 'read' ? 'person' : 'app',
    notify: false,
    version: null,
    createdAt: timeIn(item, 'createTime') ?? null,
  }
  const parts = [...document, key, param1, param2, type === '2' ? '2' : '']
  while (parts.at(-1) === '') parts.pop()
  return {
    how: 'put',
    flow: document,
    receivers,
    todoNo: todoNoOf(parts),
    content,
    names: { appName, modelName, modelId, key, param1, param2, is, type },
    isNew: false,
    isRead: false,
    sender: { value: creator?.value ?? '', isRequired: false },
  }
}

/** The vendor's own sender gives a module's display name, others the name of a class. */
function processOf(appName: string, modelName: string): string {
  return line(/^[\w$]+(\.[\w$]+)+$/.test(modelName) ? appName : modelName, 100)
}

/** 1 urgent, 2 important, 3 normal. */
function priorityOf(item: Item): 0 | 1 | 2 {
  const level = textIn(item, 'level')
  if (level !== '' && !/^[0-3]$/.test(level)) throw new NotUnderstood('badField', 'level')
  return level === '1' ? 2 : level === '2' ? 1 : 0
}

/** The name of the current node is one of the extended contents; what cannot be read of them is no reason to refuse a to-do. */
function nodeIn(item: Item): string {
  const given = item['extendContent']
  if (given === undefined || given === null || given === '') return ''
  try {
    const value = jsonIn(given)
    const node = (Array.isArray(value) ? value : [value]).find(
      one => isItem(one) && one['key'] === 'lbpmCurrNode',
    )
    return node ? line(textIn(node, 'value'), 100) : ''
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return ''
  }
}

/** Those with these names, and with the key, parameters and type that are given. */
function meant(source: SourceOfApp, item: Item): { flow: string[]; names: Names } {
  const [appName, modelName, modelId] = documentOf(source, item)
  const given = distinguishing.flatMap(name => {
    const value = textIn(item, name, 300)
    return value === '' ? [] : [[name, value] as const]
  })
  const type = typeOf(item)
  const is = type === '' ? {} : { is: type === '2' ? 'read' : 'todo' }
  return {
    flow: [appName, modelName, modelId],
    names: { appName, modelName, modelId, ...Object.fromEntries(given), ...is },
  }
}

/** By `optType` all of it or some receivers', for whom deleting is finishing. */
function ending(source: SourceOfApp, call: LandrayCall, item: Item): StateChange {
  const optType = nameIn(item, 'optType')
  if (optType !== '1' && optType !== '2') throw new NotUnderstood('badField', 'optType')
  const receivers = optType === '1' ? ('all' as const) : targetsIn(item, 'targets').map(one => one.value)
  if (receivers.length === 0) throw new NotUnderstood('missing', 'targets')
  return {
    how: 'state',
    ...meant(source, item),
    receivers,
    content: {},
    renamed: {},
    version: null,
    state: call === 'deleteTodo' && optType === '1' ? 'withdrawn' : 'done',
    isOfOpen: true,
    forgetsWithdrawn: true,
  }
}

function update(source: SourceOfApp, item: Item): StateChange {
  const type = typeOf(item)
  const link = textIn(item, 'link')
  const step = nodeIn(item)
  return {
    how: 'state',
    ...meant(source, item),
    receivers: 'all',
    state: undefined,
    version: null,
    content: {
      title: titleIn(item, 'subject'),
      ...(link === ''
        ? {}
        : addressesOf(link, textIn(item, 'mobileLink') || textIn(item, 'padLink'), source)),
      ...(textIn(item, 'level') === '' ? {} : { priority: priorityOf(item) }),
      ...(step === '' ? {} : { step }),
    },
    renamed: type === '' ? {} : { type },
    isOfOpen: true,
    forgetsWithdrawn: true,
  }
}
