import type { XmlValue } from '../../../upstream/transport/xml.ts'
import { type ApplyNeeds, applyItems } from '../apply/apply.ts'
import { NotUnderstood } from '../reason.ts'
import { type SourceReply, type SourceRequest, xmlType } from '../receive/asked.ts'
import { decodeBody } from '../receive/decode.ts'
import { readSoap, soapAnswer, soapFault, wsdlOf } from '../receive/soap.ts'
import type { Item } from '../receive/values.ts'
import { childrenOf, element, escapeXml } from '../receive/xml.ts'
import type { SourceOfApp } from '../source.ts'
import { noteUnread } from '../unrecognised/note-unread.ts'
import { itemOfXml, itemsOfJson, type WeaverCall, weaverCalls, weaverReader } from './read.ts'
import { asXml, refusalOf, type WeaverAnswer, weaverAnswer } from './words.ts'

export const servicePath = /^(?:.*\/)?(?:services\/)?ofstododatawebservice\/?$/i

const namespace = 'webservices.ofs.weaver.com.cn'
const operation = /^([a-z]+?)by(json|xml|map)$/i
type Format = 'json' | 'xml' | 'map'

/** The same calls by SOAP: `in0` is JSON, XML or a map, and `out` is the answer in the same. */
export async function answerSoap(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  asked: SourceRequest,
): Promise<SourceReply> {
  if (asked.method === 'GET') return { type: xmlType, body: wsdl(asked) }
  let call: WeaverCall | undefined
  let format: Format = 'json'
  let name = ''
  try {
    const soap = readSoap(decodeBody(asked.body, asked.headers['content-type']))
    name = soap.operation
    const [, base = '', form = ''] = operation.exec(name) ?? []
    call = weaverCalls[base.toLowerCase() as keyof typeof weaverCalls]
    format = form.toLowerCase() as Format
    if (!call) throw new NotUnderstood('unknownCall', name.slice(0, 100))
    const item = itemOf(soap.parameter, format)
    const [result] = await applyItems(ctx, source, weaverReader, call, [item])
    return answered(name, format, weaverAnswer(call, item, result!))
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    await noteUnread(ctx, source, name === '' ? 'OfsTodoDataWebService' : name, asked, error)
    if (call) return answered(name, format, refusalOf(call, {}, error))
    return { status: 500, type: xmlType, body: soapFault(refusalOf('', {}, error).message) }
  }
}

export function refusedSoap({ message }: WeaverAnswer, status: number): SourceReply {
  return { status: status === 200 ? 500 : status, type: xmlType, body: soapFault(message) }
}

function itemOf(parameter: XmlValue | undefined, format: Format): Item {
  if (format === 'map') return itemOfMap(parameter)
  if (format === 'xml') {
    if (typeof parameter === 'string') return itemOfXml(parameter)
    const [root, ...rest] = Object.values(childrenOf(parameter))
    return rest.length === 0 && typeof root === 'object' ? childrenOf(root) : childrenOf(parameter)
  }
  if (typeof parameter !== 'string') throw new NotUnderstood('badBody', 'in0')
  const [item, ...rest] = itemsOfJson(parameter)
  if (!item || rest.length > 0) throw new NotUnderstood('badBody', 'in0')
  return item
}

/** `<entry><key>syscode</key><value>OA</value></entry>…` */
function itemOfMap(parameter: XmlValue | undefined): Item {
  const { entry = [] } = childrenOf(parameter)
  const item: Record<string, unknown> = Object.create(null)
  for (const one of Array.isArray(entry) ? entry : [entry]) {
    const { key, value = '' } = childrenOf(one)
    if (typeof key !== 'string') throw new NotUnderstood('badBody', 'entry')
    item[key.trim()] = value
  }
  return item
}

function answered(name: string, format: Format, answer: WeaverAnswer): SourceReply {
  const out = element('ns1:out', outOf(format, answer))
  const response = element(`ns1:${name}Response xmlns:ns1="${namespace}"`, out)
  return { type: xmlType, body: soapAnswer(response) }
}

function outOf(format: Format, answer: WeaverAnswer): string {
  if (format === 'json') return escapeXml(JSON.stringify(answer))
  if (format === 'xml') return escapeXml(asXml(answer))
  return Object.entries(answer)
    .map(([key, value]) =>
      element('ns1:entry', `${element('ns1:key', key)}${element('ns1:value', escapeXml(value))}`),
    )
    .join('')
}

const names = [
  ...['receiveRequestInfo', 'receiveTodoRequest', 'processDoneRequest', 'processOverRequest'].flatMap(one =>
    ['Json', 'Xml', 'Map'].map(format => `${one}By${format}`),
  ),
  ...['deleteRequestInfo', 'deleteUserRequestInfo'].flatMap(one =>
    ['Json', 'XML', 'Map'].map(format => `${one}By${format}`),
  ),
]

function wsdl({ url }: SourceRequest): string {
  const one = (name: string, type: string) =>
    `<xsd:element name="${name}" type="${type}" minOccurs="1" maxOccurs="1" nillable="true"/>`
  const map =
    '<xsd:complexType name="anyType2anyTypeMap"><xsd:sequence><xsd:element name="entry" minOccurs="0" maxOccurs="unbounded">' +
    '<xsd:complexType><xsd:sequence><xsd:element name="key" type="xsd:anyType"/><xsd:element name="value" type="xsd:anyType" minOccurs="0"/>' +
    '</xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType>'
  return wsdlOf({
    namespace,
    service: 'OfsTodoDataWebService',
    qualified: true,
    types: map,
    address: url,
    operations: names.map(name => {
      const type = name.endsWith('Map') ? 'tns:anyType2anyTypeMap' : 'xsd:string'
      return { name, input: one('in0', type), output: one('out', type) }
    }),
  })
}
