import type { XmlElement, XmlValue } from '../../../upstream/transport/xml.ts'
import { NotUnderstood } from '../reason.ts'
import { childrenOf, element, escapeXml, readXml } from './xml.ts'

/** What a SOAP request asks: an operation with its first parameter, whatever clients call that one. */
export type SoapRequest = { operation: string; parameter: XmlValue | undefined; header: XmlElement }

/** Throws for what is no envelope with one operation in it. SOAP 1.1 and 1.2 are alike but for a namespace. */
export function readSoap(text: string): SoapRequest {
  const { name, value } = readXml(text)
  if (name !== 'Envelope') throw new NotUnderstood('badBody', 'SOAP Envelope')
  const { Header, Body } = childrenOf(value)
  const [operation, ...rest] = Object.keys(childrenOf(Body))
  if (operation === undefined || rest.length > 0) throw new NotUnderstood('badBody', 'SOAP Body')
  const [parameter] = Object.values(childrenOf(childrenOf(Body)[operation]))
  return { operation, parameter, header: childrenOf(Header) }
}

const envelope = 'http://schemas.xmlsoap.org/soap/envelope/'
const declaration = '<?xml version="1.0" encoding="UTF-8"?>'

/** `inner` is ready XML. */
export function soapAnswer(inner: string): string {
  return `${declaration}${element(`soap:Envelope xmlns:soap="${envelope}"`, element('soap:Body', inner))}`
}

export function soapFault(words: string): string {
  const fault = `${element('faultcode', 'soap:Client')}${element('faultstring', escapeXml(words))}`
  return soapAnswer(element('soap:Fault', fault))
}

type Operation = { name: string; input: string; output: string }

export type WsdlService = {
  namespace: string
  service: string
  address: string
  qualified: boolean
  operations: readonly Operation[]
  /** Schemas of the types that inputs and outputs name. */
  types: string
}

/** Clients that make themselves from it ask for it before each call. Document/literal, wrapped. */
export function wsdlOf({ namespace, service, address, qualified, operations, types }: WsdlService): string {
  const form = qualified ? 'qualified' : 'unqualified'
  const wrapped = (name: string, inner: string) =>
    `<xsd:element name="${name}"><xsd:complexType><xsd:sequence>${inner}</xsd:sequence></xsd:complexType></xsd:element>`
  const elements = operations.map(
    ({ name, input, output }) => `${wrapped(name, input)}${wrapped(`${name}Response`, output)}`,
  )
  const messages = operations.map(
    ({ name }) =>
      `<wsdl:message name="${name}Request"><wsdl:part name="parameters" element="tns:${name}"/></wsdl:message>` +
      `<wsdl:message name="${name}Response"><wsdl:part name="parameters" element="tns:${name}Response"/></wsdl:message>`,
  )
  const ports = operations.map(
    ({ name }) =>
      `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}Request"/><wsdl:output message="tns:${name}Response"/></wsdl:operation>`,
  )
  const bindings = operations.map(
    ({ name }) =>
      `<wsdl:operation name="${name}"><soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>`,
  )
  return `${declaration}<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}" name="${service}" targetNamespace="${namespace}"><wsdl:types><xsd:schema elementFormDefault="${form}" targetNamespace="${namespace}">${elements.join('')}${types}</xsd:schema></wsdl:types>${messages.join('')}<wsdl:portType name="${service}PortType">${ports.join('')}</wsdl:portType><wsdl:binding name="${service}HttpBinding" type="tns:${service}PortType"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${bindings.join('')}</wsdl:binding><wsdl:service name="${service}"><wsdl:port name="${service}HttpPort" binding="tns:${service}HttpBinding"><soap:address location="${escapeXml(address)}"/></wsdl:port></wsdl:service></wsdl:definitions>`
}
