import type { TodoContent, TodoState } from '../../todos/todo.ts'
import type { PutChange, StateChange, TodoChange } from '../apply/change.ts'
import type { Reader } from '../apply/reader.ts'
import { todoNoOf } from '../apply/todo-no.ts'
import { NotUnderstood } from '../reason.ts'
import { addressesOf } from '../receive/addresses.ts'
import { readLooseJson } from '../receive/json.ts'
import { type Item, isItem, line, nameIn, textIn, timeIn, titleIn, versionIn } from '../receive/values.ts'
import { childrenOf, readXml } from '../receive/xml.ts'
import type { SourceOfApp } from '../source.ts'

/** Calls by their names in lower case; paths and operations may write them in any case (docs/upstream/oa-todos.md#泛微-calls). */
export const weaverCalls = {
  receiverequestinfo: 'ReceiveRequestInfo',
  receivetodorequest: 'ReceiveTodoRequest',
  receiveccrequest: 'ReceiveCCRequest',
  processdonerequest: 'ProcessDoneRequest',
  processoverrequest: 'ProcessOverRequest',
  deleterequestinfo: 'deleteRequestInfo',
  deleteuserrequestinfo: 'deleteUserRequestInfo',
} as const

export type WeaverCall = (typeof weaverCalls)[keyof typeof weaverCalls]

export const weaverReader: Reader = {
  parse: (call, body) => (/xml$/i.test(call) ? [itemOfXml(body)] : itemsOfJson(body)),
  read: (source, call, item) => read(source, call as WeaverCall, item),
  only: item => item,
}

/** One to-do, or the array of a batch, which may hold so many elements. */
export function itemsOfJson(body: string, elements?: number): readonly Item[] {
  const value = readLooseJson(body, elements)
  const items = Array.isArray(value) ? value : [value]
  if (!items.every(isItem)) throw new NotUnderstood('badBody', 'JSON')
  return items
}

export function itemOfXml(body: string): Item {
  return childrenOf(readXml(body).value)
}

const batchSystemsAtMost = 300

function read(source: SourceOfApp, call: WeaverCall, item: Item): TodoChange {
  switch (call) {
    case 'deleteRequestInfo':
    case 'deleteUserRequestInfo':
      return deletion(source, call, item)
    case 'ProcessDoneRequest':
    case 'ProcessOverRequest':
      return ending(item)
    default:
      return received(source, call, item)
  }
}

function systemOf({ systems }: SourceOfApp, item: Item): string {
  const syscode = textIn(item, 'syscode', batchSystemsAtMost)
  if (syscode === '' || (systems.length > 0 && !systems.includes(syscode)))
    throw new NotUnderstood('unknownSystem', syscode)
  return syscode
}

/** A flow has the same id under each of its systems, and under each type of flow. */
function received(source: SourceOfApp, call: WeaverCall, item: Item): PutChange {
  const syscode = systemOf(source, item)
  const workflow = nameIn(item, 'workflowname')
  const title = titleIn(item, 'requestname')
  const flowid = nameIn(item, 'flowid')
  const receiver = nameIn(item, 'receiver', new NotUnderstood('unknownReceiver', ''))
  const { state, kind } = stateOf(call, item)
  const creator = textIn(item, 'creator', 300)
  const isRead = viewtypeOf(item) === '1'
  const content: TodoContent = {
    kind,
    state: kind === 'read' && isRead ? 'done' : state,
    title,
    process: line(workflow, 100),
    step: line(textIn(item, 'nodename'), 100),
    ...addressesOf(textIn(item, 'pcurl'), textIn(item, 'appurl'), source),
    sender: line(creator, 100),
    content: '',
    priority: priorityOf(item),
    dueAt: null,
    // To read something is all that there is to do about it.
    finishBy: kind === 'read' ? 'person' : 'app',
    notify: false,
    version: versionIn(item, 'receivets'),
    createdAt: timeIn(item, 'receivedatetime') ?? timeIn(item, 'createdatetime') ?? null,
  }
  return {
    how: 'put',
    flow: [flowid],
    names: { syscode, workflow, flowid },
    receivers: [receiver],
    todoNo: todoNoOf([syscode, workflow, flowid]),
    content,
    isNew: call !== 'ReceiveRequestInfo',
    isRead,
    sender: { value: creator, isRequired: creator !== '' },
  }
}

function stateOf(call: WeaverCall, item: Item): { state: TodoState; kind: 'todo' | 'read' } {
  if (call === 'ReceiveTodoRequest') return { state: 'open', kind: 'todo' }
  if (call === 'ReceiveCCRequest') return { state: 'open', kind: 'read' }
  const isremark = textIn(item, 'isremark')
  switch (isremark) {
    case '':
    case '0':
      return { state: 'open', kind: 'todo' }
    case '2':
    case '4':
      return { state: 'done', kind: 'todo' }
    case '8':
      return { state: 'open', kind: 'read' }
    default:
      throw new NotUnderstood('badField', 'isremark')
  }
}

function viewtypeOf(item: Item): '0' | '1' {
  const viewtype = textIn(item, 'viewtype') || '0'
  if (viewtype !== '0' && viewtype !== '1') throw new NotUnderstood('badField', 'viewtype')
  return viewtype
}

/** e-cology's own 0 normal, 1 important, 2 urgent; no sender of to-dos was seen to give it, so nothing is refused for it. */
function priorityOf(item: Item): 0 | 1 | 2 {
  const level = textIn(item, 'requestlevel')
  return level === '1' ? 1 : level === '2' ? 2 : 0
}

const unnamed = { content: {}, renamed: {}, isOfOpen: false, forgetsWithdrawn: true } as const

/** 金蝶 EAS writes the node's name where the system's belongs: then the flow and its type alone say which it is. */
function ending(item: Item): StateChange {
  const syscode = textIn(item, 'syscode', batchSystemsAtMost)
  const flowid = nameIn(item, 'flowid')
  const workflow = textIn(item, 'workflowname', 300)
  const receiver = nameIn(item, 'receiver', new NotUnderstood('unknownReceiver', ''))
  const step = line(textIn(item, 'nodename'), 100)
  const orNames = { flowid, ...(workflow === '' ? {} : { workflow }) }
  return {
    how: 'state',
    flow: [flowid],
    receivers: [receiver],
    state: 'done',
    ...unnamed,
    names: { ...orNames, syscode },
    orNames,
    content: step === '' ? {} : { step },
    version: versionIn(item, 'receivets'),
  }
}

function deletion(source: SourceOfApp, call: WeaverCall, item: Item): StateChange {
  const missing = (name: string) => new NotUnderstood('missing', name)
  const syscode = nameIn(item, 'syscode', missing('syscode'))
  const flowid = nameIn(item, 'flowid', missing('flowid'))
  systemOf(source, item)
  const receivers = call === 'deleteRequestInfo' ? 'all' : [nameIn(item, 'userid', missing('userid'))]
  return {
    how: 'state',
    flow: [flowid],
    names: { syscode, flowid },
    receivers,
    state: 'withdrawn',
    ...unnamed,
    version: versionIn(item, 'receivets'),
  }
}
