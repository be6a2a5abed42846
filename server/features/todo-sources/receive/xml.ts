import {
  parseDocument,
  WecomXmlError,
  type XmlElement,
  type XmlValue,
} from '../../../upstream/transport/xml.ts'
import { NotUnderstood } from '../reason.ts'
import { isItem } from './values.ts'

export type Root = { name: string; value: XmlValue }

/** A document, without the prefixes of its names. A DTD is refused: the vendor's own receiver let one read its files. */
export function readXml(text: string): Root {
  try {
    const { name, value } = parseDocument(text.replace(/^\uFEFF/, '').trim())
    return { name: localName(name), value: withoutPrefixes(value) }
  } catch (error) {
    if (!(error instanceof WecomXmlError)) throw error
    throw new NotUnderstood('badBody', error.message)
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function withoutPrefixes(value: XmlValue): XmlValue {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(one => withoutPrefixes(one) as string | XmlElement)
  const element = Object.create(null) as XmlElement
  for (const [name, one] of Object.entries(value)) element[localName(name)] = withoutPrefixes(one)
  return element
}

/** The child elements of one; none of a text. */
export function childrenOf(value: XmlValue | undefined): XmlElement {
  return isItem(value) ? (value as XmlElement) : (Object.create(null) as XmlElement)
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, mark => `&#${mark.charCodeAt(0)};`)
}

/** `<name>…</name>` of texts and elements that are ready. */
export function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name.split(' ', 1)[0]}>`
}
