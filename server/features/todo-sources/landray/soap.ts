import type { XmlElement } from '../../../upstream/transport/xml.ts'
import type { ApplyNeeds } from '../apply/apply.ts'
import { NotUnderstood } from '../reason.ts'
import { type SourceReply, type SourceRequest, xmlType } from '../receive/asked.ts'
import { attemptedTooOften, noteAttempt } from '../receive/attempts.ts'
import { decodeBody } from '../receive/decode.ts'
import { readSoap, soapAnswer, soapFault, wsdlOf } from '../receive/soap.ts'
import { childrenOf, element, escapeXml } from '../receive/xml.ts'
import type { SourceOfApp } from '../source.ts'
import { noteUnread } from '../unrecognised/note-unread.ts'
import { basicOf, type Credentials, done, failed, isProved, type LandrayAnswer } from './done.ts'
import { type LandrayCall, landrayCalls } from './read.ts'

export const servicePath = /^(?:.*\/)?sysnotifytodowebservice\/?$/i

const namespace = 'http://webservice.notify.sys.kmss.landray.com/'

/** The same calls by SOAP: the fields stand in `arg0`, without a namespace. */
export async function answerSoap(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  asked: SourceRequest,
): Promise<SourceReply> {
  if (asked.method === 'GET') return { type: xmlType, body: wsdl(asked) }
  let name = ''
  try {
    const soap = readSoap(decodeBody(asked.body, asked.headers['content-type']))
    name = soap.operation
    const call = landrayCalls[name.toLowerCase() as keyof typeof landrayCalls] as LandrayCall | undefined
    if (!call) throw new NotUnderstood('unknownCall', name.slice(0, 100))
    if (await attemptedTooOften(ctx, source, asked)) return fault('尝试过于频繁，请稍后再试', 429)
    if (!isProved(ctx, source, credentialsOf(soap.header) ?? basicOf(asked))) {
      await noteAttempt(ctx, source, asked)
      return fault('用户名或密码错误')
    }
    return answered(name, await done(ctx, source, call, childrenOf(soap.parameter)))
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    await noteUnread(ctx, source, name === '' ? 'sysNotifyTodoWebService' : name, asked, error)
    return fault(failed(error).message)
  }
}

export function refusedSoap(message: string, status: number): SourceReply {
  return fault(message, status === 403 ? 500 : status)
}

function fault(message: string, status = 500): SourceReply {
  return { status, type: xmlType, body: soapFault(message) }
}

/** `<RequestSOAPHeader><user/><password/></RequestSOAPHeader>` */
function credentialsOf(header: XmlElement): Credentials | undefined {
  const { user, password } = childrenOf(header['RequestSOAPHeader'])
  return typeof user === 'string' && typeof password === 'string' ? { user, password } : undefined
}

function answered(name: string, { message, returnState }: LandrayAnswer): SourceReply {
  const inner = `${element('message', escapeXml(message))}${element('returnState', String(returnState))}`
  const response = element(`ns2:${name}Response xmlns:ns2="${namespace}"`, element('return', inner))
  return { type: xmlType, body: soapAnswer(response) }
}

const text = ['appName', 'modelName', 'modelId', 'key', 'param1', 'param2', 'others']
const content = ['subject', 'link', 'mobileLink', 'padLink', 'extendContent']

/** The vendor's types: generated clients are named after them (docs/upstream/oa-todos.md#蓝凌-calls). */
const contexts: Record<string, { texts: string[]; numbers: string[] }> = {
  notifyTodoSendContext: {
    texts: [...text, ...content, 'createTime', 'docCreator', 'targets', 'language'],
    numbers: ['type', 'level'],
  },
  notifyTodoUpdateContext: { texts: [...text, ...content, 'language'], numbers: ['type', 'level'] },
  notifyTodoRemoveContext: { texts: [...text, 'targets'], numbers: ['optType', 'type'] },
  notifyTodoGetContext: { texts: ['targets', 'otherCond'], numbers: ['type', 'rowSize', 'pageNo'] },
  notifyTodoGetCountContext: { texts: ['target', 'types'], numbers: [] },
}

const contextOf = {
  sendTodo: 'notifyTodoSendContext',
  updateTodo: 'notifyTodoUpdateContext',
  deleteTodo: 'notifyTodoRemoveContext',
  setTodoDone: 'notifyTodoRemoveContext',
  getTodo: 'notifyTodoGetContext',
  getTodoCount: 'notifyTodoGetCountContext',
}

function wsdl({ url }: SourceRequest): string {
  const field = (name: string, type: string) =>
    `<xsd:element name="${name}" type="xsd:${type}" minOccurs="0"/>`
  const complex = (name: string, fields: string) =>
    `<xsd:complexType name="${name}"><xsd:sequence>${fields}</xsd:sequence></xsd:complexType>`
  const types = Object.entries(contexts).map(([name, { texts, numbers }]) =>
    complex(
      name,
      [...texts.map(one => field(one, 'string')), ...numbers.map(one => field(one, 'int'))].join(''),
    ),
  )
  const result = complex('notifyTodoAppResult', `${field('message', 'string')}${field('returnState', 'int')}`)
  return wsdlOf({
    namespace,
    service: 'ISysNotifyTodoWebService',
    qualified: false,
    address: url,
    types: `${types.join('')}${result}`,
    operations: Object.entries(contextOf).map(([name, context]) => ({
      name,
      input: `<xsd:element name="arg0" type="tns:${context}" minOccurs="0"/>`,
      output: '<xsd:element name="return" type="tns:notifyTodoAppResult" minOccurs="0"/>',
    })),
  })
}
