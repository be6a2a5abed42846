import { type ApplyNeeds, applyItems } from '../apply/apply.ts'
import { NotUnderstood } from '../reason.ts'
import {
  elementsOfMany,
  itemsAtMost,
  json,
  refusedStatus,
  refusedWords,
  type SourceRefusal,
  type SourceReply,
  type SourceRequest,
  strangePath,
  xmlType,
} from '../receive/asked.ts'
import { decodeBody } from '../receive/decode.ts'
import type { Item } from '../receive/values.ts'
import type { SourceOfApp } from '../source.ts'
import { noteUnread } from '../unrecognised/note-unread.ts'
import { itemOfXml, itemsOfJson, type WeaverCall, weaverCalls, weaverReader } from './read.ts'
import { answerSoap, refusedSoap, servicePath } from './soap.ts'
import { asXml, refusalOf, type WeaverAnswer, weaverAnswer } from './words.ts'

const restPath = /^(?:.*\/)?rest\/ofs\/(batch)?([a-z]+?)by(json|xml)\/?$/i

/** What 泛微's own 统一待办中心 answers. */
export async function answerWeaver(
  ctx: ApplyNeeds,
  source: SourceOfApp,
  asked: SourceRequest,
): Promise<SourceReply> {
  if (servicePath.test(asked.path)) return answerSoap(ctx, source, asked)
  const [, batch, name = '', format = ''] = restPath.exec(asked.path) ?? []
  const call = weaverCalls[name.toLowerCase() as keyof typeof weaverCalls] as WeaverCall | undefined
  const isXml = format.toLowerCase() === 'xml'
  if (!call || asked.method !== 'POST') {
    const why = new NotUnderstood('unknownCall', strangePath(asked))
    await noteUnread(ctx, source, why.about, asked, why)
    return json(refusalOf('', {}, why), call ? 405 : 404)
  }
  const isBatch = batch !== undefined
  let items: readonly Item[]
  try {
    const text = decodeBody(asked.body, asked.headers['content-type'])
    items = isXml ? [itemOfXml(text)] : itemsOfJson(text, isBatch ? elementsOfMany : undefined)
    if (!isBatch && items.length !== 1) throw new NotUnderstood('badBody', 'JSON')
    if (items.length > itemsAtMost) throw new NotUnderstood('tooLong', `${items.length} > ${itemsAtMost}`)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    await noteUnread(ctx, source, `${call}By${isXml ? 'Xml' : 'Json'}`, asked, error)
    return written(refusalOf(call, {}, error), isXml)
  }
  const results = await applyItems(ctx, source, weaverReader, call, items)
  const answers = results.map((result, index) => weaverAnswer(call, items[index]!, result))
  return isBatch ? json(answers) : written(answers[0]!, isXml)
}

export function takesManyWeaver(path: string): boolean {
  return restPath.exec(path)?.[1] !== undefined
}

function written(answer: WeaverAnswer, isXml: boolean): SourceReply {
  return isXml ? { type: xmlType, body: asXml(answer) } : json(answer)
}

/** HTTP 200 for all that is the vendor's to refuse; what should be sent again is not. */
export function refusedWeaver(
  { name }: SourceOfApp,
  asked: SourceRequest,
  refused: SourceRefusal,
): SourceReply {
  const isSentAgain = refused === 'late' || refused === 'away' || refused === 'failed'
  const status = isSentAgain ? refusedStatus[refused] : 200
  const answer: WeaverAnswer = {
    syscode: '',
    operType: 'Check',
    operResult: '0',
    dataType: refused === 'disabled' ? 'IsUse' : 'OtherSys',
    message:
      refused === 'disabled'
        ? '统一待办中心未启用'
        : refused === 'address'
          ? `异构系统【${name}】${refusedWords.address(asked)}`
          : refusedWords[refused](asked),
  }
  if (servicePath.test(asked.path)) return refusedSoap(answer, status)
  return { ...written(answer, /byxml\/?$/i.test(asked.path)), status }
}
