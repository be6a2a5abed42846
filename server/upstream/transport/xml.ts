import { createRequire } from 'node:module'
import type { XMLParser } from 'fast-xml-parser'
import { excessWords } from '../../platform/http/bodies/excess.ts'
import { excessOfXml } from '../../platform/http/bodies/xml-structure.ts'

/** XML that WeCom would not send. The message says what is wrong without quoting the XML. */
export class WecomXmlError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WecomXmlError'
  }
}

/** An element's text, or its children by name (an array where a name repeats). */
export type XmlValue = string | XmlElement | (string | XmlElement)[]
export interface XmlElement {
  [name: string]: XmlValue
}

/** The outer XML of a callback (docs/upstream/wecom-callbacks.md#event-push); `agentId` is empty for contact callbacks. */
export interface Envelope {
  toUserName: string
  agentId: string
  encrypt: string
}

const MAX_CHARACTERS = 1024 * 1024
const MAX_DEPTH = 16

const require = createRequire(import.meta.url)
let parser: XMLParser | undefined

/** Made with the first callback: commands start without it. */
function xmlParser(): XMLParser {
  if (!parser) {
    const library = require('fast-xml-parser') as typeof import('fast-xml-parser')
    parser = new library.XMLParser(parserOptions)
  }
  return parser
}

const parserOptions = {
  preserveOrder: true,
  cdataPropName: '#cdata',
  trimValues: false,
  parseTagValue: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: false,
  maxNestedTags: MAX_DEPTH,
}

/**
 * Parses `<xml>…</xml>` into the children of its root. Text stays text, so `007` and 20-digit ids survive. CDATA is
 * merged and attributes are dropped. Only XML's five own entities and character references are known. The objects have no
 * prototype, so any element name is harmless.
 * @throws WecomXmlError for malformed or too large input, one of too many elements, a DTD, a NUL character or another root
 */
export function parseXml(text: string): XmlElement {
  const { name, value } = parseDocument(text)
  if (name !== 'xml') throw new WecomXmlError('the root element must be <xml>')
  if (typeof value === 'object') return value as XmlElement
  if (value.trim() !== '') throw new WecomXmlError('the root element holds text only')
  return Object.create(null) as XmlElement
}

/**
 * The same of a document with any root.
 * @throws WecomXmlError as `parseXml` does
 */
export function parseDocument(text: string): { name: string; value: string | XmlElement } {
  refuseDangerous(text)
  const excess = excessOfXml(text)
  if (excess) throw new WecomXmlError(`the XML ${excessWords(excess)}`)
  let nodes: unknown
  try {
    nodes = xmlParser().parse(text, true)
  } catch {
    throw new WecomXmlError('malformed XML')
  }
  const roots = (Array.isArray(nodes) ? (nodes as OrderedNode[]) : []).filter(
    node => nameOf(node) !== '#text',
  )
  const root = roots[0]
  if (roots.length !== 1 || root === undefined) throw new WecomXmlError('there must be one root element')
  const name = nameOf(root)
  return { name, value: contentOf(root[name] ?? []) }
}

/** What the parser returns per node with preserveOrder: an object with one key, the element's name, '#text' or '#cdata'. */
type OrderedNode = Record<string, OrderedNode[]>

/** Looks for a DTD only outside CDATA and comments, because a department may well be called `<!DOCTYPE`. */
function refuseDangerous(text: string): void {
  if (text.length > MAX_CHARACTERS) throw new WecomXmlError('the XML is larger than 1 MB')
  if (text.includes('\0')) throw new WecomXmlError('the XML contains a NUL character')
  for (let at = text.indexOf('<!'); at !== -1; at = text.indexOf('<!', at)) {
    const end = text.startsWith('<![CDATA[', at) ? ']]>' : text.startsWith('<!--', at) ? '-->' : undefined
    if (end === undefined) throw new WecomXmlError('DOCTYPE and other declarations are refused')
    const close = text.indexOf(end, at + 4)
    if (close === -1) throw new WecomXmlError('malformed XML')
    at = close + end.length
  }
}

function nameOf(node: OrderedNode): string {
  return Object.keys(node)[0] ?? ''
}

function contentOf(children: OrderedNode[]): string | XmlElement {
  if (children.every(child => '#text' in child || '#cdata' in child)) return textOf(children)
  const element = Object.create(null) as XmlElement
  for (const child of children) {
    const name = nameOf(child)
    if (name === '#text' || name === '#cdata') continue
    const value = contentOf(child[name] ?? [])
    const before = element[name]
    if (before === undefined) element[name] = value
    else if (Array.isArray(before)) before.push(value)
    else element[name] = [before, value]
  }
  return element
}

/** CDATA is kept exactly. Blank text beside it is only layout and is ignored; text without any CDATA is trimmed. */
function textOf(children: OrderedNode[]): string {
  const hasCdata = children.some(child => '#cdata' in child)
  let text = ''
  for (const child of children) {
    const cdata = child['#cdata']?.[0]?.['#text']
    const plain = child['#text']
    if (cdata !== undefined) text += String(cdata)
    else if (plain !== undefined && !(hasCdata && String(plain).trim() === '')) text += decoded(String(plain))
  }
  return hasCdata ? text : text.trim()
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    const legal = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    return legal ? String.fromCodePoint(code) : whole
  })
}

/**
 * The text of the first such element, without parsing: for what has to be known before a signature can be checked.
 * It finds what upstreams write, `<Name>text</Name>` with or without CDATA, and knows no entities.
 */
export function findText(body: string, name: string): string | undefined {
  const start = body.indexOf(`<${name}>`)
  const end = start === -1 ? -1 : body.indexOf(`</${name}>`, start)
  if (end === -1) return undefined
  const text = body.slice(start + name.length + 2, end).trim()
  const [, inside] = /^<!\[CDATA\[(.*)\]\]>$/s.exec(text) ?? []
  return inside ?? text
}

/**
 * Reads the outer XML of a callback (docs/upstream/wecom-callbacks.md#event-push).
 * @throws WecomXmlError when it is not XML, or lacks ToUserName or Encrypt
 */
export function parseEnvelope(body: string): Envelope {
  const root = parseXml(body)
  const toUserName = root['ToUserName']
  const encrypt = root['Encrypt']
  const agentId = root['AgentID'] ?? ''
  if (typeof toUserName !== 'string' || toUserName === '') throw new WecomXmlError('ToUserName is missing')
  if (typeof encrypt !== 'string' || encrypt === '') throw new WecomXmlError('Encrypt is missing')
  if (typeof agentId !== 'string') throw new WecomXmlError('AgentID is not text')
  return { toUserName, agentId, encrypt }
}

/**
 * A decrypted contact event (docs/upstream/wecom-callbacks.md#contact-events). Fields that the event does not carry are absent:
 * for `update_user` that means unchanged, whereas an empty string or list means emptied. `changeType` is kept as WeCom wrote it,
 * known or not.
 */
export interface ContactEvent {
  /** create_user, update_user, delete_user, create_party, update_party, delete_party, update_tag, or a newer one. */
  changeType: string
  toUserName: string
  /** In seconds since the epoch. */
  createTime: number
  /** `change_contact` for contact events. */
  event: string
  userId?: string
  newUserId?: string
  name?: string
  departments?: number[]
  mainDepartment?: number
  /** 0 or 1, aligned with `departments`. */
  isLeaderInDept?: number[]
  directLeader?: string[]
  mobile?: string
  /** "0" undefined, "1" male, "2" female. */
  gender?: string
  email?: string
  bizMail?: string
  /** 1 active, 2 disabled, 4 not activated, 5 quit. */
  status?: number
  avatar?: string
  alias?: string
  position?: string
  telephone?: string
  address?: string
  /** The department that a party event is about. */
  id?: number
  parentId?: number
  order?: number
  tagId?: number
  addUserItems?: string[]
  delUserItems?: string[]
  addPartyItems?: number[]
  delPartyItems?: number[]
}

const TEXT_FIELDS = {
  UserID: 'userId',
  NewUserID: 'newUserId',
  Name: 'name',
  Mobile: 'mobile',
  Gender: 'gender',
  Email: 'email',
  BizMail: 'bizMail',
  Avatar: 'avatar',
  Alias: 'alias',
  Position: 'position',
  Telephone: 'telephone',
  Address: 'address',
} as const
const NUMBER_FIELDS = {
  MainDepartment: 'mainDepartment',
  Status: 'status',
  Id: 'id',
  ParentId: 'parentId',
  Order: 'order',
  TagId: 'tagId',
} as const
const TEXT_LISTS = {
  DirectLeader: 'directLeader',
  AddUserItems: 'addUserItems',
  DelUserItems: 'delUserItems',
} as const
const NUMBER_LISTS = {
  Department: 'departments',
  IsLeaderInDept: 'isLeaderInDept',
  AddPartyItems: 'addPartyItems',
  DelPartyItems: 'delPartyItems',
} as const

/**
 * Parses a decrypted event.
 * @throws WecomXmlError when it is not XML, names no corp or time, or holds text where a number belongs
 */
export function parseContactEvent(xml: string): ContactEvent {
  const root = parseXml(xml)
  const toUserName = textField(root, 'ToUserName')
  const createTime = numberField(root, 'CreateTime')
  if (toUserName === undefined || toUserName === '') throw new WecomXmlError('ToUserName is missing')
  if (createTime === undefined) throw new WecomXmlError('CreateTime is missing')
  const event: ContactEvent = {
    changeType: textField(root, 'ChangeType') ?? '',
    toUserName,
    createTime,
    event: textField(root, 'Event') ?? '',
  }
  for (const [name, key] of entriesOf(TEXT_FIELDS)) {
    const value = textField(root, name)
    if (value !== undefined) event[key] = value
  }
  for (const [name, key] of entriesOf(NUMBER_FIELDS)) {
    const value = numberField(root, name)
    if (value !== undefined) event[key] = value
  }
  for (const [name, key] of entriesOf(TEXT_LISTS)) {
    const value = listField(root, name)
    if (value !== undefined) event[key] = value
  }
  for (const [name, key] of entriesOf(NUMBER_LISTS)) {
    const value = listField(root, name)
    if (value !== undefined) event[key] = value.map(part => integer(part, name))
  }
  return event
}

function entriesOf<T extends Record<string, string>>(fields: T): [keyof T & string, T[keyof T]][] {
  return Object.entries(fields) as [keyof T & string, T[keyof T]][]
}

function textField(root: XmlElement, name: string): string | undefined {
  const value = root[name]
  if (value === undefined || typeof value === 'string') return value
  throw new WecomXmlError(`${name} is not text`)
}

function numberField(root: XmlElement, name: string): number | undefined {
  const value = textField(root, name)?.trim()
  return value === undefined || value === '' ? undefined : integer(value, name)
}

function listField(root: XmlElement, name: string): string[] | undefined {
  const value = textField(root, name)
  return value
    ?.split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

function integer(text: string, name: string): number {
  const value = Number(text)
  if (/^-?\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value
  throw new WecomXmlError(`${name} is not an integer`)
}
