import { type Static, Type } from 'typebox'
import { time } from '../../platform/http/output.ts'
import { type Language, storedWords, wordsIn } from '../../platform/words.ts'
import { lateMs } from './late.ts'
import type { Behind, Receiver } from './receiver-store.ts'
import { formats, framings, transports } from './receivers.ts'

export const receiverShape = {
  id: Type.String({ about: { zh: '接收端 id', en: 'Id of the receiver' } }),
  name: Type.String({ about: { zh: '名称', en: 'Name' } }),
  transport: Type.Enum(transports, {
    about: {
      zh: 'tls syslog（RFC 5425）；tcp syslog，不加密；https OCSF JSON',
      en: 'tls: syslog (RFC 5425); tcp: syslog without encryption; https: OCSF in JSON',
    },
  }),
  address: Type.String({
    about: { zh: 'syslog 为 主机:端口，https 为地址', en: 'host:port for syslog, an address for https' },
  }),
  format: Type.Enum(formats, {
    about: { zh: 'text 文本；cef CEF；ocsf OCSF JSON', en: 'text; cef: CEF; ocsf: OCSF in JSON' },
  }),
  framing: Type.Enum(framings, {
    about: {
      zh: 'octets 每条前写长度（RFC 5425）；lf 每条后换行',
      en: 'octets: the length before each message (RFC 5425); lf: a line feed behind each',
    },
  }),
  language: Type.Enum(['zh', 'en'], { about: { zh: '文字的语言', en: 'Language of the words' } }),
  pen: Type.Integer({
    about: {
      zh: '企业编号（PEN），写在 syslog 的结构化数据中',
      en: 'Private enterprise number in the structured data of syslog',
    },
  }),
  ca: Type.String({
    about: { zh: 'CA 证书，PEM；空为公共 CA', en: 'CA certificate in PEM; "" for public ones' },
  }),
  certificate: Type.String({ about: { zh: '客户端证书，PEM', en: 'Client certificate in PEM' } }),
  hasPrivateKey: Type.Boolean({ about: { zh: '是否有客户端私钥', en: 'Whether it has a client key' } }),
  hasAuthorization: Type.Boolean({
    about: { zh: '是否有请求头 Authorization', en: 'Whether it has a header Authorization' },
  }),
  isOn: Type.Boolean({ about: { zh: '是否启用', en: 'Whether it is switched on' } }),
}

export const stateShape = {
  state: Type.Enum(['off', 'waiting', 'good', 'failing', 'late'], {
    about: {
      zh: 'off 已停用；waiting 还没有发送；good 正常；failing 正在重试；late 超过 15 分钟没有接收',
      en: 'off: switched off; waiting: nothing was sent yet; good; failing: tried again and again; late: it has taken nothing for 15 minutes',
    },
  }),
  sentAt: Type.Union([time, Type.Null()], {
    about: { zh: '最近一次接收', en: 'When it last took something' },
  }),
  waiting: Type.Integer({ about: { zh: '等待发送的审计条数', en: 'Entries that wait' } }),
  failure: Type.String({
    about: { zh: '最近一次失败的原因；空为没有失败', en: 'Why the last attempt failed; "" when it did not' },
  }),
}

export const receiverSchema = Type.Object({ ...receiverShape, ...stateShape })
export type ReceiverView = Static<typeof receiverSchema>

export function viewOf(one: Receiver & Behind, now: number, language: Language): ReceiverView {
  const { id, name, transport, address, format, framing, language: words, pen, isOn } = one
  return {
    ...{ id, name, transport, address, format, framing, language: words, pen, isOn },
    ca: one.ca ?? '',
    certificate: one.certificate ?? '',
    hasPrivateKey: one.privateKey !== null,
    hasAuthorization: one.authorization !== null,
    state: stateOf(one, now),
    sentAt: one.sentAt,
    waiting: Number(one.waiting),
    failure: one.failure === null ? '' : wordsIn(language, storedWords(one.failure)),
  }
}

function stateOf(one: Receiver & Behind, now: number): ReceiverView['state'] {
  if (!one.isOn) return 'off'
  const since = [one.failingSince, one.waitingSince].flatMap(at => (at ? [at.getTime()] : []))
  if (since.some(at => at < now - lateMs)) return 'late'
  if (one.failure !== null) return 'failing'
  return one.sentAt === null ? 'waiting' : 'good'
}

export const sampleReceiver: ReceiverView = {
  id: 'siem:3f9a1c20b7de',
  name: '态势感知',
  transport: 'tls',
  address: 'siem.example.com:6514',
  format: 'cef',
  framing: 'octets',
  language: 'zh',
  pen: 32473,
  ca: '',
  certificate: '',
  hasPrivateKey: false,
  hasAuthorization: false,
  isOn: true,
  state: 'good',
  sentAt: new Date('2026-12-01T08:00:00Z'),
  waiting: 0,
  failure: '',
}
