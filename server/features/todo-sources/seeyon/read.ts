import type { TodoContent, TodoState } from '../../todos/todo.ts'
import type { PutChange, StateChange, TodoChange } from '../apply/change.ts'
import type { Reader } from '../apply/reader.ts'
import { todoNoOf } from '../apply/todo-no.ts'
import { NotUnderstood } from '../reason.ts'
import { addressesOf } from '../receive/addresses.ts'
import { elementsOfMany } from '../receive/asked.ts'
import { readLooseJson } from '../receive/json.ts'
import { type Item, isItem, line, nameIn, textIn, timeIn, titleIn } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'

/** Calls by their paths in lower case (docs/upstream/oa-todos.md#致远-calls). */
export const seeyonCalls = {
  'thirdpartypending/receive': 'receive',
  'thirdpartypending/receive/pendings': 'pendings',
  'thirdpartypending/updatependingstate': 'updatePendingState',
  'thirdpartymessage/receive/singlemessage': 'singleMessage',
  'thirdpartyusermapper/binding': 'binding',
  'thirdpartyusermapper/binding/singleuser': 'binding',
} as const

export type SeeyonCall = (typeof seeyonCalls)[keyof typeof seeyonCalls]

export const seeyonReader: Reader = {
  parse: (call, body) => itemsOf(call as SeeyonCall, body),
  read(source, call, item): TodoChange {
    if (call === 'updatePendingState') return update(source, item)
    return call === 'singleMessage' ? message(source, item) : pending(source, item)
  },
  only: item => item,
}

const lists: Partial<Record<SeeyonCall, string>> = { pendings: 'pendingList', binding: 'userlist' }

export function takesList(call: SeeyonCall): boolean {
  return lists[call] !== undefined
}

/** One object, or the list of the plural calls; a bare array is taken for the list. */
export function itemsOf(call: SeeyonCall, body: string): readonly Item[] {
  const name = lists[call]
  const value = readLooseJson(body, name === undefined ? undefined : elementsOfMany)
  const named = name !== undefined && isItem(value) ? value[name] : undefined
  // A list without anything is null in some senders.
  const list = Array.isArray(named) || named === null ? (named ?? []) : value
  const items: unknown[] = Array.isArray(list) ? list : [list]
  if (!items.every(isItem)) throw new NotUnderstood('badBody', 'JSON')
  return items
}

function systemOf({ systems }: SourceOfApp, item: Item, name = 'registerCode'): string {
  const code = nameIn(item, name)
  if (systems.length > 0 && !systems.includes(code)) throw new NotUnderstood('unknownSystem', code)
  return code
}

/** Without a state it is open; a state of a to-do that was withdrawn or refused is told by `subState`. */
function stateOf(item: Item): TodoState {
  const state = textIn(item, 'state') || '0'
  const subState = textIn(item, 'subState')
  if (subState !== '' && !/^[0-3]$/.test(subState)) throw new NotUnderstood('badField', 'subState')
  if (state === '0') return 'open'
  if (state !== '1') throw new NotUnderstood('badField', 'state')
  return subState === '2' ? 'withdrawn' : 'done'
}

/** Either is enough: ids that were bound beforehand, or the value itself (免绑定). */
function receiverOf(item: Item): string {
  const value = textIn(item, 'noneBindingReceiver', 300) || textIn(item, 'thirdReceiverId', 300)
  if (value === '') throw new NotUnderstood('missing', 'thirdReceiverId')
  return value
}

function pending(source: SourceOfApp, item: Item): PutChange {
  const registerCode = systemOf(source, item)
  const taskId = nameIn(item, 'taskId')
  const sender = textIn(item, 'noneBindingSender', 300) || textIn(item, 'thirdSenderId', 300)
  const content: TodoContent = {
    kind: 'todo',
    state: stateOf(item),
    title: titleIn(item, 'title'),
    ...addressesOf(textIn(item, 'url'), textIn(item, 'h5url'), source),
    sender: line(textIn(item, 'senderName'), 100),
    process: line(textIn(item, 'classify'), 100),
    step: '',
    content: '',
    priority: 0,
    dueAt: null,
    finishBy: 'app',
    notify: false,
    version: null,
    createdAt: timeIn(item, 'creationDate') ?? null,
  }
  return {
    how: 'put',
    flow: [registerCode, taskId],
    names: { registerCode, taskId },
    receivers: [receiverOf(item)],
    todoNo: todoNoOf([registerCode, taskId]),
    content,
    isNew: false,
    isRead: false,
    sender: { value: sender, isRequired: false },
  }
}

/** A message asks for nothing but to be read, and opening it is all that people do with it. */
function message(source: SourceOfApp, item: Item): PutChange {
  const registerCode = systemOf(source, item, 'thirdpartyRegisterCode')
  const messageId = nameIn(item, 'thirdpartyMessageId')
  const text = textIn(item, 'messageContent')
  if (text === '') throw new NotUnderstood('missing', 'messageContent')
  const receiver = textIn(item, 'noneBindingReceiver', 300) || nameIn(item, 'thirdpartyReceiverId')
  const sender = textIn(item, 'noneBindingSender', 300) || textIn(item, 'thirdpartySenderId', 300)
  const content: TodoContent = {
    kind: 'read',
    state: 'open',
    title: line(text, 200),
    content: text.length > 200 ? text.slice(0, 1000) : '',
    ...addressesOf(textIn(item, 'messageURL'), textIn(item, 'messageH5URL'), source),
    sender: '',
    process: '',
    step: '',
    priority: 0,
    dueAt: null,
    finishBy: 'person',
    notify: false,
    version: null,
    createdAt: timeIn(item, 'creation_date') ?? timeIn(item, 'creationDate') ?? null,
  }
  return {
    how: 'put',
    flow: [registerCode, 'message', messageId],
    names: { registerCode, messageId },
    receivers: [receiver],
    todoNo: todoNoOf([registerCode, 'message', messageId]),
    content,
    isNew: false,
    isRead: false,
    sender: { value: sender, isRequired: false },
  }
}

function update(source: SourceOfApp, item: Item): StateChange {
  const registerCode = systemOf(source, item)
  const taskId = nameIn(item, 'taskId')
  nameIn(item, 'state')
  return {
    how: 'state',
    flow: [registerCode, taskId],
    names: { registerCode, taskId },
    receivers: 'all',
    state: stateOf(item),
    content: {},
    renamed: {},
    version: null,
    isOfOpen: false,
    forgetsWithdrawn: false,
  }
}

/** What a sender calls somebody, and the value by which wisp finds them: the field that the source matches by, if it is given. */
export function bindingOf(source: SourceOfApp, item: Item): [theirId: string, value: string] {
  const given = {
    userid: ['thirdLoginName', 'thirdCode'],
    employeeNo: ['thirdCode', 'thirdLoginName'],
    mobile: ['thirdMobile'],
    email: ['thirdEmail'],
  }[source.match]
  const value = given.map(name => textIn(item, name, 300)).find(one => one !== '')
  const theirId = nameIn(item, 'thirdUserId')
  return [theirId, value ?? theirId]
}
