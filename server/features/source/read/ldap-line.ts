import { connect as connectPlain, isIP } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import { Client, type ClientOptions, ResultCodeError } from 'ldapts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { SourceSettings } from '../settings.ts'
import { isPlain } from '../settings.ts'

const timeMs = { connect: 10_000, each: 30_000 }

/** A directory at an address that outgoing calls may reach. `host` is its name, for which its certificate has to be. */
export type Place = { url: URL; host: string; address: { address: string; family: number } | undefined }

/**
 * Returns a client whose line is encrypted before a password leaves: by LDAPS, or by StartTLS unless the address says `?sslmode=disable`.
 * Throws 1000 where the directory knows no StartTLS, and what the handshake throws.
 */
export async function openLdap(
  { url, host, address }: Place,
  { ca }: Pick<SourceSettings, 'ca'>,
): Promise<Client> {
  const at = new URL(url.href)
  if (address) at.hostname = address.family === 6 ? `[${address.address}]` : address.address
  const tls = { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca ? { ca: [ca] } : {}) }
  const client = new Client({
    url: `${at.protocol}//${at.host}`,
    connectTimeout: timeMs.connect,
    timeout: timeMs.each,
    ...(url.protocol === 'ldaps:' ? { tlsOptions: tls } : {}),
    ...oneLine(),
  } as ClientOptions)
  if (url.protocol === 'ldaps:' || isPlain(url)) return client
  try {
    await client.startTLS({ ...tls, host })
    return client
  } catch (error) {
    await client.unbind().catch(() => undefined)
    if (error instanceof ResultCodeError) throw noStartTls(error)
    throw error
  }
}

/**
 * The driver connects anew when a line was lost, without encryption and without its bind: a password would leave in clear, and a directory
 * may show a part of its people to those whom it does not know. So there is one line, and a lost one ends the reading.
 */
function oneLine(): Pick<ClientOptions, 'createConnection' | 'createSecureConnection'> {
  let [plain, secure] = [0, 0]
  const lost = () => new Error('the connection was lost in the middle')
  return {
    createConnection: ((port: number, host: string) => {
      if (plain++ > 0) throw lost()
      return connectPlain(port, host)
    }) as typeof connectPlain,
    createSecureConnection: ((...given: Parameters<typeof connectSecure>) => {
      if (secure++ > 0) throw lost()
      const socket = connectSecure(...given)
      // A handshake on a line that is there already has no other end.
      const timer = setTimeout(() => socket.destroy(new Error('the TLS handshake timed out')), timeMs.connect)
      timer.unref()
      return socket.once('secureConnect', () => clearTimeout(timer))
    }) as typeof connectSecure,
  }
}

const noStartTls = ({ message }: Error): ApiError =>
  new ApiError('badParameter', {
    zh: told`LDAP 服务器没有接受 StartTLS，没有发送密码：${message.slice(0, 300)}。请改用 ldaps://，或在地址末尾写 ?sslmode=disable（不加密）`,
    en: told`LDAP did not accept StartTLS, and the password was not sent: ${message.slice(0, 300)}. Use ldaps://, or end the address with ?sslmode=disable to go without encryption`,
  })

/** The certificate of the directory is not one that is trusted for its name. */
export const isBadCertificate = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_(GET|VERIFY)/.test(String(error.code))

export const badCertificate = (host: string, error: unknown): ApiError =>
  new ApiError('upstream', {
    zh: told`LDAP 服务器 ${host} 的证书不可信，没有发送密码：${String(error).slice(0, 300)}。请在“CA 证书”中填写签发它的证书，并核对地址中的主机名`,
    en: told`the certificate of the LDAP server ${host} is not trusted, and the password was not sent: ${String(error).slice(0, 300)}. Give the certificate of its authority as CA certificate, and check the host name in the address`,
  })
