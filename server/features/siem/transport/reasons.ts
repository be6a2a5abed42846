import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import type { Words } from '../../../platform/words.ts'
import { StreamError } from './line.ts'

const ofStream: Readonly<Record<StreamError['code'], Words>> = {
  closedEarly: {
    zh: '接收端建立连接后立即关闭，没有接收：请检查它是否要求客户端证书、是否允许平台的地址',
    en: 'the receiver closed the connection at once and took nothing: check whether it wants a client certificate, and whether it allows the address of wisp',
  },
  notClosed: {
    zh: '接收端 15 秒内没有关闭连接，不能确认它已读取：请确认该端口是 syslog 接收服务',
    en: 'the receiver did not close the connection within 15 s, so nothing proves that it has read: check that a syslog receiver listens on this port',
  },
  slow: {
    zh: '接收端 30 秒内没有读完',
    en: 'the receiver did not read all within 30 s',
  },
}

const certificate = (zh: string, en: string): Words => ({
  zh: `证书不可信：${zh}`,
  en: `the certificate is not trusted: ${en}`,
})
const fillCa = certificate(
  '不是由公共 CA 签发，请在“CA 证书”中填写签发它的 CA',
  'no public authority issued it, so fill in the CA certificate that did',
)
const wantsCertificate: Words = {
  zh: '接收端要求客户端证书，或不接受当前的客户端证书',
  en: 'the receiver wants a client certificate, or does not accept this one',
}

const ofSystem: Readonly<Record<string, Words>> = {
  ENOTFOUND: { zh: '域名无法解析', en: 'the host name cannot be resolved' },
  EAI_AGAIN: { zh: '域名暂时无法解析', en: 'the host name cannot be resolved for the moment' },
  ECONNREFUSED: { zh: '连接被拒绝：该端口没有服务', en: 'connection refused: nothing listens on this port' },
  ECONNRESET: { zh: '连接被接收端重置', en: 'the receiver reset the connection' },
  EPIPE: { zh: '连接被接收端断开', en: 'the receiver closed the connection' },
  UND_ERR_SOCKET: { zh: '连接被接收端断开', en: 'the receiver closed the connection' },
  EHOSTUNREACH: { zh: '网络不可达', en: 'there is no way to this host' },
  ENETUNREACH: { zh: '网络不可达', en: 'there is no way to this network' },
  ETIMEDOUT: { zh: '连接超时', en: 'connecting took too long' },
  ABORT_ERR: { zh: '连接超时：10 秒内没有应答', en: 'no answer within 10 s' },
  UND_ERR_CONNECT_TIMEOUT: { zh: '连接超时', en: 'connecting took too long' },
  DEPTH_ZERO_SELF_SIGNED_CERT: fillCa,
  SELF_SIGNED_CERT_IN_CHAIN: fillCa,
  UNABLE_TO_GET_ISSUER_CERT: fillCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: fillCa,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: fillCa,
  CERT_HAS_EXPIRED: certificate('已过期', 'it has expired'),
  CERT_NOT_YET_VALID: certificate('尚未生效', 'it is not valid yet'),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate(
    '签发给了别的域名或地址',
    'it is for another host name or address',
  ),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: wantsCertificate,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: wantsCertificate,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: wantsCertificate,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: wantsCertificate,
  ERR_SSL_WRONG_VERSION_NUMBER: { zh: '该端口不是 TLS', en: 'this port does not speak TLS' },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { zh: '该端口不是 TLS', en: 'this port does not speak TLS' },
}

/** Why a batch or a test did not arrive. The words hold nothing that is secret. */
export function reasonOf(error: unknown): Words {
  if (error instanceof OutboundRefused) return error.words
  if (error instanceof StreamError) return ofStream[error.code]
  const { code, name, message } = error as { code?: string; name?: string; message?: string }
  if (name === 'TimeoutError')
    return { zh: '接收端没有在时限内应答', en: 'the receiver did not answer in time' }
  const known = ofSystem[typeof code === 'string' ? code : '']
  return known ?? { zh: `发送失败：${code ?? message}`, en: `sending failed: ${code ?? message}` }
}
